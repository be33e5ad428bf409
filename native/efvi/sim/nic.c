/* The driver handle, the protection domain with its interface, and what the NIC can do. */
#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

const char *ef_vi_version_str(void)
{
    return "simulated";
}

const char *ef_vi_driver_interface_str(void)
{
    return "simulated";
}

/* An epoll instance: ef_vi_prime() puts the wire into it. */
int ef_driver_open(ef_driver_handle *out)
{
    const int scripted = sim_faults()->steps_refused[REFUSE_DRIVER], refused = scripted ? scripted : sim_random_refusal(16);
    if (refused)
        return refused;
    *out = epoll_create1(0);
    return *out < 0 ? -errno : 0;
}

int ef_driver_close(ef_driver_handle handle)
{
    return close(handle) == 0 ? 0 : -errno;
}

static enum generation chosen(void)
{
    const char *name = getenv("SIM_NIC");
    if (name == NULL || strcmp(name, "x2") == 0)
        return EF10_X2;
    if (strcmp(name, "7000") == 0)
        return EF10_7000;
    if (strcmp(name, "x3") == 0)
        return EFCT_X3;
    MISUSE("SIM_NIC='%s' is none of 7000, x2, x3", name);
}

static int find(struct sim_nic *nic, const char *name)
{
    struct ifreq r;
    if (strlen(name) >= sizeof r.ifr_name)
        return -ENODEV;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int error = 0;
    memset(&r, 0, sizeof r);
    strcpy(r.ifr_name, name);
    strcpy(nic->name, name);
    if (ioctl(fd, SIOCGIFINDEX, &r) != 0)
        error = -errno;
    nic->index = r.ifr_ifindex;
    if (error == 0 && ioctl(fd, SIOCGIFMTU, &r) != 0)
        error = -errno;
    nic->mtu = r.ifr_mtu;
    if (error == 0 && ioctl(fd, SIOCGIFHWADDR, &r) != 0)
        error = -errno;
    memcpy(nic->mac, r.ifr_hwaddr.sa_data, sizeof nic->mac);
    close(fd);
    return error;
}

/* "N@name" with SIM_CLUSTER: the interface of the cluster; else the name as it is. */
static const char *join(struct sim_pd *pd, const char *name, char interface[16])
{
    char cluster[64], address[64];
    const char *given = getenv("SIM_CLUSTER"), *at = strchr(name, '@');
    int members, port;
    if (given == NULL || at == NULL || sscanf(given, "%63[^:]:%15[^:]:%d:%63[^:]:%d", cluster, interface, &members, address, &port) != 5
        || strcmp(cluster, at + 1) != 0)
        return name;
    pd->members = members;
    pd->member = atoi(name);
    pd->stream = (struct match){
        .fields = MATCH_LOCAL | MATCH_PROTOCOL | MATCH_ETHER_TYPE, .ether_type = htons(ETH_P_IP), .protocol = IPPROTO_UDP,
        .local_port = htons((uint16_t)port),
    };
    inet_pton(AF_INET, address, pd->stream.local);
    return interface;
}

int ef_pd_alloc_by_name(ef_pd *pd, ef_driver_handle handle, const char *name, enum ef_pd_flags flags)
{
    (void)handle; (void)flags;
    const int scripted = sim_faults()->steps_refused[REFUSE_PD], refused = scripted ? scripted : sim_random_refusal(16);
    if (refused)
        return refused;
    pd->sim = calloc(1, sizeof *pd->sim);
    if (pd->sim == NULL)
        return -ENOMEM;
    pd->sim->nic.generation = chosen();
    char interface[16];
    const int error = find(&pd->sim->nic, join(pd->sim, name, interface));
    if (error) {
        free(pd->sim);
        pd->sim = NULL;
    }
    return error;
}

const char *ef_pd_interface_name(ef_pd *pd)
{
    return pd->sim->nic.name;
}

int ef_pd_free(ef_pd *pd, ef_driver_handle handle)
{
    (void)handle;
    if (pd->sim->users != 0)
        MISUSE("%d VIs or PIO regions are still there", pd->sim->users);
    if (pd->sim->memories != NULL)
        MISUSE("memory is still registered");
    free(pd->sim);
    pd->sim = NULL;
    return 0;
}

int ef_pd_capabilities_get(ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, enum ef_vi_capability capability,
                           unsigned long *value)
{
    (void)handle; (void)pd_handle;
    const enum generation g = pd->sim->nic.generation;
    bool has;
    switch (capability) {
    case EF_VI_CAP_PIO:
        has = g == EF10_7000;
        break;
    case EF_VI_CAP_CTPIO:
        has = g != EF10_7000;
        break;
    case EF_VI_CAP_CTPIO_ONLY:
    case EF_VI_CAP_RX_REF:
    case EF_VI_CAP_RX_SHARED:
        has = g == EFCT_X3;
        break;
    case EF_VI_CAP_RX_MERGE:
    case EF_VI_CAP_RX_FILTER_TYPE_IP_VLAN:
        has = g != EFCT_X3;
        break;
    case EF_VI_CAP_HW_RX_TIMESTAMPING:
    case EF_VI_CAP_HW_TX_TIMESTAMPING:
    case EF_VI_CAP_HW_MULTICAST_REPLICATION:
        has = true;
        break;
    case EF_VI_CAP_RX_FORCE_EVENT_MERGING:
        has = false;
        break;
    default:
        return -ENOSYS;
    }
    *value = has;
    return has ? 0 : -EOPNOTSUPP;
}

int ef_vi_capabilities_max(void)
{
    return EF_VI_CAP_MAX - 1;
}

const char *ef_vi_capabilities_name(enum ef_vi_capability capability)
{
    static const char *const names[] = {
        [EF_VI_CAP_PIO] = "PIO", [EF_VI_CAP_HW_MULTICAST_REPLICATION] = "Hardware multicast replication",
        [EF_VI_CAP_HW_RX_TIMESTAMPING] = "Hardware RX timestamping", [EF_VI_CAP_HW_TX_TIMESTAMPING] = "Hardware TX timestamping",
        [EF_VI_CAP_RX_FILTER_TYPE_IP_VLAN] = "IPv4 VLAN RX filters",
        [EF_VI_CAP_RX_MERGE] = "RX event merge mode", [EF_VI_CAP_CTPIO] = "CTPIO",
        [EF_VI_CAP_RX_FORCE_EVENT_MERGING] = "RX event merging is forced", [EF_VI_CAP_CTPIO_ONLY] = "TX by CTPIO only",
        [EF_VI_CAP_RX_SHARED] = "RX queues are shared", [EF_VI_CAP_RX_REF] = "RX_REF events",
    };
    return (size_t)capability < sizeof names / sizeof names[0] && names[capability] != NULL ? names[capability] : "Unknown";
}
