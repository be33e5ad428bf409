/* The legacy iptables and ip6tables: their rules live beside nftables', and are read by getsockopt (linux/netfilter_ipv4/ip_tables.h). */
#include "route/firewall.h"

#include <errno.h>
#include <netinet/in.h> /* before the kernel's headers, which then leave its names alone */
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* What an entry of either version says, as far as it matters here. */
struct entry {
    const char *in, *out;
    const unsigned char *in_mask, *out_mask;
    int protocol; /* 0: any */
    uint8_t inverted;
    int addressed; /* by addresses, or as a fragment */
    size_t bytes, target_offset, next_offset;
};

/* The two versions of the tables: their entries differ, their tables and targets do not. */
struct dialect {
    const char *command, *names;
    int level;
    size_t entry_bytes;
    struct entry (*read)(const void *at);
};

static struct entry read_ipv4(const void *at)
{
    const struct ipt_entry *e = at;
    return (struct entry){
        .in = e->ip.iniface, .out = e->ip.outiface, .in_mask = e->ip.iniface_mask, .out_mask = e->ip.outiface_mask,
        .protocol = e->ip.proto, .inverted = e->ip.invflags,
        .addressed = e->ip.smsk.s_addr != 0 || e->ip.dmsk.s_addr != 0 || (e->ip.flags & IPT_F_FRAG)
            || (e->ip.invflags & (IPT_INV_SRCIP | IPT_INV_DSTIP | IPT_INV_FRAG)),
        .bytes = sizeof *e, .target_offset = e->target_offset, .next_offset = e->next_offset,
    };
}

static struct entry read_ipv6(const void *at)
{
    static const struct in6_addr none;
    const struct ip6t_entry *e = at;
    return (struct entry){
        .in = e->ipv6.iniface, .out = e->ipv6.outiface, .in_mask = e->ipv6.iniface_mask, .out_mask = e->ipv6.outiface_mask,
        .protocol = (e->ipv6.flags & IP6T_F_PROTO) ? e->ipv6.proto : 0, .inverted = e->ipv6.invflags,
        .addressed = memcmp(&e->ipv6.smsk, &none, sizeof none) != 0 || memcmp(&e->ipv6.dmsk, &none, sizeof none) != 0
            || (e->ipv6.flags & IP6T_F_TOS) || (e->ipv6.invflags & (IP6T_INV_SRCIP | IP6T_INV_DSTIP | IP6T_INV_FRAG)),
        .bytes = sizeof *e, .target_offset = e->target_offset, .next_offset = e->next_offset,
    };
}

static const struct dialect dialects[] = {
    {"iptables", "/proc/net/ip_tables_names", IPPROTO_IP, sizeof(struct ipt_entry), read_ipv4},
    {"ip6tables", "/proc/net/ip6_tables_names", IPPROTO_IPV6, sizeof(struct ip6t_entry), read_ipv6},
};

_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo)
    && offsetof(struct ipt_get_entries, entrytable) == offsetof(struct ip6t_get_entries, entrytable)
    && IPT_SO_GET_INFO == IP6T_SO_GET_INFO && IPT_SO_GET_ENTRIES == IP6T_SO_GET_ENTRIES
    && IPT_INV_VIA_IN == IP6T_INV_VIA_IN && IPT_INV_VIA_OUT == IP6T_INV_VIA_OUT, "one conversation serves both versions");

static int device_differs(const char *name, const unsigned char *mask, int inverted, const char *device)
{
    int differs = 0;
    for (int i = 0; i < IFNAMSIZ; i++)
        differs |= (name[i] ^ device[i]) & mask[i];
    return (differs != 0) != (inverted != 0);
}

static int applies(const struct entry *e, int out, const struct firewall *firewall)
{
    static const char none[IFNAMSIZ];
    if (e->protocol != 0 && (e->protocol == IPPROTO_UDP) == ((e->inverted & XT_INV_PROTO) != 0))
        return 0;
    return !device_differs(e->in, e->in_mask, e->inverted & IPT_INV_VIA_IN, out ? none : firewall->device)
        && !device_differs(e->out, e->out_mask, e->inverted & IPT_INV_VIA_OUT, out ? firewall->device : none);
}

/* Whether an entry that matches lets the datagram pass unchanged. */
static int accepts(const void *at, const struct entry *e, size_t left)
{
    const struct xt_standard_target *target = (const void *)((const uint8_t *)at + e->target_offset);
    if (e->target_offset + sizeof *target > left || e->target_offset + sizeof *target > e->next_offset)
        return 0;
    return target->target.u.user.name[0] == 0 && target->verdict == -NF_ACCEPT - 1;
}

static int unconditional(const struct entry *e)
{
    return e->target_offset == e->bytes && !e->addressed;
}

/* From a hook's first entry to its policy, which is the entry at `underflow`. */
static int check_hook(struct firewall *firewall, const struct dialect *dialect, const char *table, const uint8_t *entries, size_t size,
    size_t at, size_t underflow, int hook)
{
    static const char *const names[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
    int out = hook == NF_INET_LOCAL_OUT || hook == NF_INET_POST_ROUTING;
    for (int number = 1; at + dialect->entry_bytes <= size && at <= underflow; number++) {
        const struct entry entry = dialect->read(entries + at);
        if (applies(&entry, out, firewall)) {
            if (!accepts(entries + at, &entry, size - at))
                return at == underflow
                    ? firewall_report(firewall, "%s table %s chain %s policy drop", dialect->command, table, names[hook])
                    : firewall_report(firewall, "%s table %s chain %s rule %d", dialect->command, table, names[hook], number);
            if (unconditional(&entry))
                return FIREWALL_CLEAR;
        }
        if (entry.next_offset < dialect->entry_bytes)
            break;
        at += entry.next_offset;
    }
    return firewall_report(firewall, "%s table %s chain %s, which could not be read to its end", dialect->command, table, names[hook]);
}

/* `table` has room for XT_TABLE_MAXNAMELEN. */
static int check_table(int fd, struct firewall *firewall, const struct dialect *dialect, const char *table)
{
    struct ipt_getinfo info = {0};
    socklen_t length = sizeof info;
    memcpy(info.name, table, sizeof info.name - 1);
    if (getsockopt(fd, dialect->level, IPT_SO_GET_INFO, &info, &length) != 0)
        return errno == ENOENT ? FIREWALL_CLEAR : -errno;
    length = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
    struct ipt_get_entries *answer = calloc(1, length);
    if (answer == NULL)
        return -ENOMEM;
    memcpy(answer->name, table, sizeof answer->name - 1);
    answer->size = info.size;
    int result = getsockopt(fd, dialect->level, IPT_SO_GET_ENTRIES, answer, &length) == 0 ? FIREWALL_CLEAR : -errno;
    for (int hook = 0; hook < NF_INET_NUMHOOKS && result == FIREWALL_CLEAR; hook++) {
        if (hook != NF_INET_FORWARD && (info.valid_hooks & 1u << hook))
            result = check_hook(firewall, dialect, table, (const uint8_t *)answer->entrytable, info.size, info.hook_entry[hook],
                info.underflow[hook], hook);
    }
    free(answer);
    return result;
}

int firewall_iptables(struct firewall *firewall)
{
    const struct dialect *dialect = &dialects[firewall->ipv6 != 0];
    /* Asking the kernel about a table that nobody uses would make it. */
    FILE *names = fopen(dialect->names, "re");
    if (names == NULL)
        return errno == ENOENT ? FIREWALL_CLEAR : -errno;
    int fd = socket(firewall->ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int result = fd < 0 ? -errno : FIREWALL_CLEAR;
    char table[XT_TABLE_MAXNAMELEN + 1] = "";
    while (result == FIREWALL_CLEAR && fgets(table, sizeof table, names) != NULL) {
        table[strcspn(table, "\n")] = 0;
        for (int i = 0; i < 4; i++) {
            result = check_table(fd, firewall, dialect, table);
            if (result != -EAGAIN) /* the table changed between the two questions */
                break;
        }
    }
    if (fd >= 0)
        close(fd);
    fclose(names);
    return result;
}
