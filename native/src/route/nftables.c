/* nftables: base chains that see our traffic, and their rules as far as they can be told not to concern UDP on the device. */
#include "route/firewall.h"

#include <errno.h>
#include <netinet/in.h> /* before the kernel's headers, which then leave its names alone */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_CHAINS = 128,
    NAME = 256,        /* NFT_NAME_MAXLEN */
    INET_INGRESS = 5,  /* NF_INET_INGRESS, Linux 5.10 */
    NETDEV_EGRESS = 1, /* NF_NETDEV_EGRESS, Linux 5.16 */
    ATTEMPTS = 4,
};

struct chain {
    char table[NAME], name[NAME];
    uint8_t family;
    int out;    /* the device is where the datagram leaves, not where it came in */
    int policy; /* NF_DROP or NF_ACCEPT */
};

struct chains {
    struct firewall *firewall;
    int count;
    struct chain chain[MAX_CHAINS];
};

/* 1: sees our traffic going out, 0: coming in, -1: neither. */
static int direction(int family, uint32_t hook, int ipv6)
{
    if (family == NFPROTO_NETDEV)
        return hook == NF_NETDEV_INGRESS ? 0 : hook == NETDEV_EGRESS ? 1 : -1;
    if (family != (ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4) && family != NFPROTO_INET)
        return -1; /* bridge hooks run on both sides of our frames, arp and the other version's see none of them */
    switch (hook) {
    case NF_INET_PRE_ROUTING:
    case NF_INET_LOCAL_IN:
        return 0;
    case NF_INET_LOCAL_OUT:
    case NF_INET_POST_ROUTING:
        return 1;
    case INET_INGRESS:
        return family == NFPROTO_INET ? 0 : -1;
    default:
        return -1;
    }
}

static int same_device(const struct nlattr *name, const struct firewall *firewall)
{
    char text[IFNAMSIZ];
    nl_text(name, text, sizeof text);
    return strcmp(text, firewall->device) == 0;
}

static int on_device(struct nl_attributes devices, const struct firewall *firewall)
{
    for (const struct nlattr *a; (a = nl_next(&devices)) != NULL;) {
        if (nl_type(a) != NFTA_DEVICE_NAME || same_device(a, firewall))
            return 1; /* a kind of entry that is unknown here may be a pattern of names */
    }
    return 0;
}

static int read_hook(const struct nlattr *hook, int family, const struct firewall *firewall)
{
    uint32_t number = UINT32_MAX;
    int bound = 0, ours = 0;
    struct nl_attributes inner = nl_nested(hook);
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == NFTA_HOOK_HOOKNUM) {
            number = nl_be32(a);
        } else if (nl_type(a) == NFTA_HOOK_DEV) {
            bound = 1;
            ours |= same_device(a, firewall);
        } else if (nl_type(a) == NFTA_HOOK_DEVS) {
            bound = 1;
            ours |= on_device(nl_nested(a), firewall);
        }
    }
    return bound && !ours ? -1 : direction(family, number, firewall->ipv6);
}

static int chain_answer(const struct nlmsghdr *message, void *context)
{
    struct chains *chains = context;
    const struct nfgenmsg *fixed = nl_fixed(message, sizeof *fixed);
    if (message->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN) || fixed == NULL)
        return 0;
    struct chain chain = {.family = fixed->nfgen_family, .out = -1, .policy = NF_ACCEPT};
    struct nl_attributes attributes = nl_attributes(message, sizeof *fixed);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == NFTA_CHAIN_TABLE)
            nl_text(a, chain.table, sizeof chain.table);
        else if (nl_type(a) == NFTA_CHAIN_NAME)
            nl_text(a, chain.name, sizeof chain.name);
        else if (nl_type(a) == NFTA_CHAIN_POLICY)
            chain.policy = (int)nl_be32(a);
        else if (nl_type(a) == NFTA_CHAIN_HOOK)
            chain.out = read_hook(a, chain.family, chains->firewall);
    }
    if (chain.out < 0)
        return 0;
    if (chains->count == MAX_CHAINS)
        return firewall_report(chains->firewall, "nftables has more than %d base chains", MAX_CHAINS);
    chains->chain[chains->count++] = chain;
    return 0;
}

/* What a register holds, as far as a comparison with it can be decided. */
enum loaded { UNKNOWN, L4PROTO, NFPROTO, ETHERTYPE, IN_INDEX, OUT_INDEX, IN_NAME, OUT_NAME };
enum decision { NO, YES, MAYBE };

struct rule {
    struct firewall *firewall;
    const struct chain *chain;
    int accepted; /* an earlier rule accepts all of our datagrams */
};

static enum loaded loaded_by_meta(struct nl_attributes data, const struct chain *chain)
{
    uint32_t key = UINT32_MAX;
    for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
        if (nl_type(a) == NFTA_META_KEY)
            key = nl_be32(a);
        else if (nl_type(a) != NFTA_META_DREG)
            return UNKNOWN;
    }
    switch (key) {
    case NFT_META_L4PROTO: return L4PROTO;
    case NFT_META_NFPROTO: return chain->family == NFPROTO_NETDEV ? UNKNOWN : NFPROTO;
    case NFT_META_PROTOCOL: return chain->out ? UNKNOWN : ETHERTYPE;
    case NFT_META_IIF: return IN_INDEX;
    case NFT_META_OIF: return OUT_INDEX;
    case NFT_META_IIFNAME: return IN_NAME;
    case NFT_META_OIFNAME: return OUT_NAME;
    default: return UNKNOWN;
    }
}

/* Offset 9 of the network header is IPv4's protocol, 6 is IPv6's next header; our datagrams are of one version in every family. */
static enum loaded loaded_by_payload(struct nl_attributes data, int ipv6)
{
    uint32_t base = UINT32_MAX, offset = UINT32_MAX, length = 0;
    for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
        if (nl_type(a) == NFTA_PAYLOAD_BASE)
            base = nl_be32(a);
        else if (nl_type(a) == NFTA_PAYLOAD_OFFSET)
            offset = nl_be32(a);
        else if (nl_type(a) == NFTA_PAYLOAD_LEN)
            length = nl_be32(a);
    }
    return base == NFT_PAYLOAD_NETWORK_HEADER && offset == (ipv6 ? 6 : 9) && length == 1 ? L4PROTO : UNKNOWN;
}

static enum decision compare(enum loaded loaded, struct nl_attributes data, const struct rule *rule)
{
    uint8_t wanted[64], actual[64] = {0};
    size_t length = 0;
    uint32_t operation = UINT32_MAX;
    for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
        if (nl_type(a) == NFTA_CMP_OP) {
            operation = nl_be32(a);
        } else if (nl_type(a) == NFTA_CMP_DATA) {
            struct nl_attributes value = nl_nested(a);
            for (const struct nlattr *v; (v = nl_next(&value)) != NULL;) {
                if (nl_type(v) == NFTA_DATA_VALUE && nl_length(v) <= sizeof wanted) {
                    length = nl_length(v);
                    memcpy(wanted, nl_data(v), length);
                }
            }
        }
    }
    int index;
    switch (loaded) {
    case L4PROTO:
        actual[0] = IPPROTO_UDP;
        break;
    case NFPROTO:
        actual[0] = rule->firewall->ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
        break;
    case ETHERTYPE:
        actual[0] = rule->firewall->ipv6 ? 0x86 : 0x08;
        actual[1] = rule->firewall->ipv6 ? 0xDD : 0x00;
        break;
    case IN_INDEX:
    case OUT_INDEX: /* 0 where the packet has no such device */
        index = (loaded == OUT_INDEX) == rule->chain->out ? rule->firewall->index : 0;
        memcpy(actual, &index, sizeof index);
        break;
    case IN_NAME:
    case OUT_NAME: /* a prefix is compared over its length only */
        if ((loaded == OUT_NAME) == rule->chain->out)
            memcpy(actual, rule->firewall->device, IFNAMSIZ);
        break;
    default:
        return MAYBE;
    }
    if (length == 0 || (operation != NFT_CMP_EQ && operation != NFT_CMP_NEQ))
        return MAYBE;
    return (memcmp(wanted, actual, length) == 0) == (operation == NFT_CMP_EQ) ? YES : NO;
}

/* Whether an immediate is the verdict ACCEPT, without which the kernel does the same. */
static int is_accept(struct nl_attributes data)
{
    for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
        if (nl_type(a) != NFTA_IMMEDIATE_DATA)
            continue;
        struct nl_attributes value = nl_nested(a);
        const struct nlattr *v = nl_next(&value);
        if (v == NULL || nl_type(v) != NFTA_DATA_VERDICT)
            return 0;
        struct nl_attributes verdict = nl_nested(v);
        for (const struct nlattr *c; (c = nl_next(&verdict)) != NULL;) {
            if (nl_type(c) == NFTA_VERDICT_CODE)
                return nl_be32(c) == NF_ACCEPT;
        }
    }
    return 0;
}

/* Expressions that only look. */
static int only_looks(const char *name, struct nl_attributes data)
{
    static const char *const names[] = {"bitwise", "byteorder", "range", "ct", "fib", "exthdr", "rt", "socket", "hash", "match"};
    if (strcmp(name, "ct") == 0) {
        for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
            if (nl_type(a) == NFTA_CT_SREG)
                return 0; /* sets */
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return 1;
    }
    return 0;
}

static int writes(struct nl_attributes data, int attribute)
{
    for (const struct nlattr *a; (a = nl_next(&data)) != NULL;) {
        if (nl_type(a) == attribute)
            return 1;
    }
    return 0;
}

/* Only the register loaded last is followed: every comparison of nft's follows its load. */
struct reading {
    enum loaded loaded;
    enum decision matches;
    int harmless, accepts;
};

static void read_expression(const struct nlattr *element, const struct rule *rule, struct reading *reading)
{
    char name[32] = "";
    struct nl_attributes inner = nl_nested(element), data = {NULL, 0};
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == NFTA_EXPR_NAME)
            nl_text(a, name, sizeof name);
        else if (nl_type(a) == NFTA_EXPR_DATA)
            data = nl_nested(a);
    }
    if (strcmp(name, "cmp") == 0) {
        enum decision decision = compare(reading->loaded, data, rule);
        if (decision == NO)
            reading->matches = NO;
        else if (decision == MAYBE && reading->matches == YES)
            reading->matches = MAYBE;
    } else if (strcmp(name, "meta") == 0 && !writes(data, NFTA_META_SREG)) {
        reading->loaded = loaded_by_meta(data, rule->chain);
    } else if (strcmp(name, "payload") == 0 && !writes(data, NFTA_PAYLOAD_SREG)) {
        reading->loaded = loaded_by_payload(data, rule->firewall->ipv6);
    } else if (strcmp(name, "immediate") == 0 && is_accept(data)) {
        reading->accepts = 1;
    } else if (strcmp(name, "counter") != 0) {
        reading->loaded = UNKNOWN;
        if (reading->matches == YES)
            reading->matches = MAYBE;
        /* A set may be asked for membership, a map for a verdict or a value. */
        if (!only_looks(name, data) && !(strcmp(name, "lookup") == 0 && !writes(data, NFTA_LOOKUP_DREG)))
            reading->harmless = 0;
    }
}

static const char *family_name(int family)
{
    return family == NFPROTO_INET ? "inet" : family == NFPROTO_NETDEV ? "netdev" : family == NFPROTO_IPV6 ? "ip6" : "ip";
}

static int rule_answer(const struct nlmsghdr *message, void *context)
{
    struct rule *rule = context;
    const struct nfgenmsg *fixed = nl_fixed(message, sizeof *fixed);
    if (message->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE) || fixed == NULL || rule->accepted)
        return 0;
    struct reading reading = {.matches = YES, .harmless = 1};
    uint64_t handle = 0;
    struct nl_attributes attributes = nl_attributes(message, sizeof *fixed);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == NFTA_RULE_HANDLE && nl_length(a) >= sizeof handle) {
            memcpy(&handle, nl_data(a), sizeof handle);
            handle = __builtin_bswap64(handle);
        } else if (nl_type(a) == NFTA_RULE_EXPRESSIONS) {
            /* In order: what comes after a comparison that fails is not run. */
            struct nl_attributes elements = nl_nested(a);
            for (const struct nlattr *e; reading.matches != NO && (e = nl_next(&elements)) != NULL;)
                read_expression(e, rule, &reading);
        }
    }
    if (reading.matches == NO)
        return 0;
    if (reading.accepts && reading.harmless) {
        rule->accepted = reading.matches == YES;
        return 0;
    }
    return firewall_report(rule->firewall, "nftables table %s %s chain %s rule handle %llu", family_name(rule->chain->family),
        rule->chain->table, rule->chain->name, (unsigned long long)handle);
}

static int ask(int fd, int type, const struct chain *chain, nl_handler *handler, void *context)
{
    struct nl_request request;
    struct nfgenmsg *fixed = nl_begin(&request, NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_DUMP, sizeof *fixed);
    fixed->version = NFNETLINK_V0;
    if (chain != NULL) {
        fixed->nfgen_family = chain->family;
        nl_add(&request, NFTA_RULE_TABLE, chain->table, strlen(chain->table) + 1);
        nl_add(&request, NFTA_RULE_CHAIN, chain->name, strlen(chain->name) + 1);
    }
    return nl_talk(fd, &request, handler, context);
}

static int check_chain(int fd, struct firewall *firewall, const struct chain *chain)
{
    struct rule rule = {.firewall = firewall, .chain = chain};
    int result = ask(fd, NFT_MSG_GETRULE, chain, rule_answer, &rule);
    if (result == 0 && !rule.accepted && chain->policy != NF_ACCEPT)
        result = firewall_report(firewall, "nftables table %s %s chain %s policy drop", family_name(chain->family), chain->table,
            chain->name);
    return result;
}

int firewall_nftables(struct firewall *firewall)
{
    int fd = nl_open(NETLINK_NETFILTER);
    if (fd == -EPROTONOSUPPORT)
        return FIREWALL_CLEAR; /* a kernel without netfilter */
    if (fd < 0)
        return fd;
    int result = -EINTR;
    for (int i = 0; i < ATTEMPTS && result == -EINTR; i++) { /* rules that change while they are read */
        struct chains chains;
        chains.firewall = firewall;
        chains.count = 0;
        result = ask(fd, NFT_MSG_GETCHAIN, NULL, chain_answer, &chains);
        if (result == -EINVAL || result == -EOPNOTSUPP)
            result = FIREWALL_CLEAR, chains.count = 0; /* nfnetlink without nf_tables */
        for (int k = 0; k < chains.count && result == FIREWALL_CLEAR; k++)
            result = check_chain(fd, firewall, &chains.chain[k]);
    }
    close(fd);
    return result;
}

int firewall_replay(struct firewall *firewall, int as_chains, const void *datagram, size_t length)
{
    int done = 0;
    struct chain chain = {.family = NFPROTO_INET};
    struct rule rule = {.firewall = firewall, .chain = &chain};
    struct chains chains;
    chains.firewall = firewall;
    chains.count = 0;
    return as_chains ? nl_walk(datagram, length, 0, chain_answer, &chains, &done) : nl_walk(datagram, length, 0, rule_answer, &rule, &done);
}
