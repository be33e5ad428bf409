/* The legacy iptables: its rules live beside nftables', and are read by getsockopt (linux/netfilter_ipv4/ip_tables.h). */
#include "route/firewall.h"

#include <errno.h>
#include <netinet/in.h> /* before the kernel's headers, which then leave its names alone */
#include <linux/netfilter_ipv4/ip_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int device_differs(const char *name, const unsigned char *mask, int inverted, const char *device)
{
    int differs = 0;
    for (int i = 0; i < IFNAMSIZ; i++)
        differs |= (name[i] ^ device[i]) & mask[i];
    return (differs != 0) != (inverted != 0);
}

static int applies(const struct ipt_ip *ip, int out, const struct firewall *firewall)
{
    static const char none[IFNAMSIZ];
    if (ip->proto != 0 && (ip->proto == IPPROTO_UDP) == ((ip->invflags & XT_INV_PROTO) != 0))
        return 0;
    return !device_differs(ip->iniface, ip->iniface_mask, ip->invflags & IPT_INV_VIA_IN, out ? none : firewall->device)
        && !device_differs(ip->outiface, ip->outiface_mask, ip->invflags & IPT_INV_VIA_OUT, out ? firewall->device : none);
}

/* Whether an entry that matches lets the datagram pass unchanged. */
static int accepts(const struct ipt_entry *entry, size_t left)
{
    const struct xt_standard_target *target = (const void *)((const uint8_t *)entry + entry->target_offset);
    if (entry->target_offset + sizeof *target > left || entry->target_offset + sizeof *target > entry->next_offset)
        return 0;
    return target->target.u.user.name[0] == 0 && target->verdict == -NF_ACCEPT - 1;
}

static int unconditional(const struct ipt_entry *entry)
{
    return entry->target_offset == sizeof *entry && entry->ip.smsk.s_addr == 0 && entry->ip.dmsk.s_addr == 0
        && !(entry->ip.flags & IPT_F_FRAG) && !(entry->ip.invflags & (IPT_INV_SRCIP | IPT_INV_DSTIP | IPT_INV_FRAG));
}

/* From a hook's first entry to its policy, which is the entry at `underflow`. */
static int check_hook(struct firewall *firewall, const char *table, const uint8_t *entries, size_t size, size_t at, size_t underflow,
    int hook)
{
    static const char *const names[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
    int out = hook == NF_INET_LOCAL_OUT || hook == NF_INET_POST_ROUTING;
    for (int number = 1; at + sizeof(struct ipt_entry) <= size && at <= underflow; number++) {
        const struct ipt_entry *entry = (const void *)(entries + at);
        if (applies(&entry->ip, out, firewall)) {
            if (!accepts(entry, size - at))
                return at == underflow ? firewall_report(firewall, "iptables table %s chain %s policy drop", table, names[hook])
                    : firewall_report(firewall, "iptables table %s chain %s rule %d", table, names[hook], number);
            if (unconditional(entry))
                return FIREWALL_CLEAR;
        }
        if (entry->next_offset < sizeof *entry)
            break;
        at += entry->next_offset;
    }
    return firewall_report(firewall, "iptables table %s chain %s, which could not be read to its end", table, names[hook]);
}

/* `table` has room for XT_TABLE_MAXNAMELEN. */
static int check_table(int fd, struct firewall *firewall, const char *table)
{
    struct ipt_getinfo info = {0};
    socklen_t length = sizeof info;
    memcpy(info.name, table, sizeof info.name - 1);
    if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &length) != 0)
        return errno == ENOENT ? FIREWALL_CLEAR : -errno;
    length = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
    struct ipt_get_entries *answer = calloc(1, length);
    if (answer == NULL)
        return -ENOMEM;
    memcpy(answer->name, table, sizeof answer->name - 1);
    answer->size = info.size;
    int result = getsockopt(fd, IPPROTO_IP, IPT_SO_GET_ENTRIES, answer, &length) == 0 ? FIREWALL_CLEAR : -errno;
    for (int hook = 0; hook < NF_INET_NUMHOOKS && result == FIREWALL_CLEAR; hook++) {
        if (hook != NF_INET_FORWARD && (info.valid_hooks & 1u << hook))
            result = check_hook(firewall, table, (const uint8_t *)answer->entrytable, info.size, info.hook_entry[hook],
                info.underflow[hook], hook);
    }
    free(answer);
    return result;
}

int firewall_iptables(struct firewall *firewall)
{
    /* Asking the kernel about a table that nobody uses would make it. */
    FILE *names = fopen("/proc/net/ip_tables_names", "re");
    if (names == NULL)
        return errno == ENOENT ? FIREWALL_CLEAR : -errno;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int result = fd < 0 ? -errno : FIREWALL_CLEAR;
    char table[XT_TABLE_MAXNAMELEN + 1] = "";
    while (result == FIREWALL_CLEAR && fgets(table, sizeof table, names) != NULL) {
        table[strcspn(table, "\n")] = 0;
        for (int i = 0; i < 4; i++) {
            result = check_table(fd, firewall, table);
            if (result != -EAGAIN) /* the table changed between the two questions */
                break;
        }
    }
    if (fd >= 0)
        close(fd);
    fclose(names);
    return result;
}
