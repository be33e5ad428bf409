/* What the kernel tells of an interface to anybody: netdevice(7) and ethtool ioctls. */
#include "afxdp/afxdp.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int ask(int fd, unsigned long request, const char *name, struct ifreq *r)
{
    void *data = r->ifr_data;
    memset(r, 0, sizeof *r);
    strcpy(r->ifr_name, name);
    if (request == SIOCETHTOOL)
        r->ifr_data = data;
    return ioctl(fd, request, r) == 0 ? 0 : -errno;
}

static int ask_all(int fd, const char *name, struct interface_facts *facts)
{
    struct ifreq r = {0};
    int error = ask(fd, SIOCGIFINDEX, name, &r);
    if (error)
        return error;
    facts->index = r.ifr_ifindex;
    if ((error = ask(fd, SIOCGIFFLAGS, name, &r)) != 0)
        return error;
    facts->flags = (uint16_t)r.ifr_flags;
    if ((error = ask(fd, SIOCGIFMTU, name, &r)) != 0)
        return error;
    facts->mtu = (uint32_t)r.ifr_mtu;
    if ((error = ask(fd, SIOCGIFHWADDR, name, &r)) != 0)
        return error;
    facts->hardware_type = r.ifr_hwaddr.sa_family;
    memcpy(facts->mac, r.ifr_hwaddr.sa_data, 6);

    /* A driver may answer neither of these: it has no name to us then, and one queue. */
    struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
    r.ifr_data = (void *)&driver;
    if (ask(fd, SIOCETHTOOL, name, &r) == 0)
        memcpy(facts->driver, driver.driver, sizeof facts->driver - 1);
    struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
    r.ifr_data = (void *)&channels;
    if (ask(fd, SIOCETHTOOL, name, &r) == 0)
        facts->rx_queues = channels.combined_count + channels.rx_count;
    if (facts->rx_queues == 0)
        facts->rx_queues = 1;
    return 0;
}

int interface_read(const char *name, struct interface_facts *facts)
{
    memset(facts, 0, sizeof *facts);
    if (strlen(name) >= IFNAMSIZ)
        return -ENODEV;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int error = ask_all(fd, name, facts);
    close(fd);
    return error;
}
