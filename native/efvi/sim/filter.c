/* Filter specifications with the rules of the real setters, and the table that frames are looked up in. */
#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type {
    MAC = 1, IP4 = 2, ALL_UNICAST = 4, ALL_MULTICAST = 8, VLAN = 0x10, MISMATCH_UNICAST = 0x20, MISMATCH_MULTICAST = 0x40,
    PORT_SNIFF = 0x80, BLOCK_KERNEL = 0x100, BLOCK_UNICAST = 0x200, BLOCK_MULTICAST = 0x400, TX_PORT_SNIFF = 0x800, IP_PROTO = 0x1000,
    ETHER_TYPE = 0x2000, IP6 = 0x4000, DESTINATION = 0x8000,
};

void ef_filter_spec_init(ef_filter_spec *s, enum ef_filter_flags flags)
{
    memset(s, 0, sizeof *s);
    s->flags = flags;
}

/* Sets a type that goes with those allowed and with no other. */
static int set(ef_filter_spec *s, unsigned type, unsigned allowed)
{
    if (s->type & ~allowed)
        return -EPROTONOSUPPORT;
    s->type |= type;
    return 0;
}

static int set_ip(ef_filter_spec *s, unsigned type, int protocol, const void *local, size_t bytes, int port, const void *remote,
                  int remote_port)
{
    const int error = set(s, type, VLAN | DESTINATION);
    if (error)
        return error;
    s->protocol = protocol;
    s->local_port = (uint16_t)port;
    s->remote_port = (uint16_t)remote_port;
    memset(s->local, 0, sizeof s->local);
    memset(s->remote, 0, sizeof s->remote);
    memcpy(s->local, local, bytes);
    if (remote != NULL)
        memcpy(s->remote, remote, bytes);
    return 0;
}

int ef_filter_spec_set_ip4_local(ef_filter_spec *s, int protocol, unsigned host, int port)
{
    return set_ip(s, IP4, protocol, &host, 4, port, NULL, 0);
}

int ef_filter_spec_set_ip4_full(ef_filter_spec *s, int protocol, unsigned host, int port, unsigned remote, int remote_port)
{
    return set_ip(s, IP4, protocol, &host, 4, port, &remote, remote_port);
}

int ef_filter_spec_set_ip6_local(ef_filter_spec *s, int protocol, const struct in6_addr *host, int port)
{
    return set_ip(s, IP6, protocol, host, 16, port, NULL, 0);
}

int ef_filter_spec_set_ip6_full(ef_filter_spec *s, int protocol, const struct in6_addr *host, int port, const struct in6_addr *remote,
                                int remote_port)
{
    return set_ip(s, IP6, protocol, host, 16, port, remote, remote_port);
}

int ef_filter_spec_set_vlan(ef_filter_spec *s, int vlan)
{
    switch (s->type & ~(unsigned)DESTINATION) {
    case 0: case IP4: case IP6: case MISMATCH_MULTICAST: case MISMATCH_UNICAST: case IP_PROTO: case ETHER_TYPE:
        s->type |= VLAN;
        s->vlan = vlan;
        return 0;
    default:
        return -EPROTONOSUPPORT;
    }
}

int ef_filter_spec_set_eth_local(ef_filter_spec *s, int vlan, const void *mac)
{
    const unsigned type = s->type & ~(unsigned)DESTINATION;
    if (type != 0 && type != IP_PROTO && type != ETHER_TYPE)
        return -EPROTONOSUPPORT;
    s->type |= MAC;
    s->vlan = vlan;
    memcpy(s->mac, mac, sizeof s->mac);
    return 0;
}

/* With a MAC address or a VLAN, not with both; unlike others it may not follow a destination. */
static int set_kind(ef_filter_spec *s, unsigned type)
{
    if (s->type != 0 && s->type != VLAN && s->type != MAC)
        return -EPROTONOSUPPORT;
    s->type |= type;
    return 0;
}

int ef_filter_spec_set_eth_type(ef_filter_spec *s, uint16_t ether_type)
{
    s->ether_type = ether_type;
    return set_kind(s, ETHER_TYPE);
}

int ef_filter_spec_set_ip_proto(ef_filter_spec *s, uint8_t protocol)
{
    s->ip_protocol = protocol;
    return set_kind(s, IP_PROTO);
}

int ef_filter_spec_set_unicast_all(ef_filter_spec *s)
{
    return set(s, ALL_UNICAST, VLAN);
}

int ef_filter_spec_set_multicast_all(ef_filter_spec *s)
{
    return set(s, ALL_MULTICAST, VLAN | DESTINATION);
}

int ef_filter_spec_set_unicast_mismatch(ef_filter_spec *s)
{
    return set(s, MISMATCH_UNICAST, VLAN | DESTINATION);
}

int ef_filter_spec_set_multicast_mismatch(ef_filter_spec *s)
{
    return set(s, MISMATCH_MULTICAST, VLAN | DESTINATION);
}

int ef_filter_spec_set_port_sniff(ef_filter_spec *s, int promiscuous)
{
    s->promiscuous = promiscuous;
    return set(s, PORT_SNIFF, 0);
}

int ef_filter_spec_set_tx_port_sniff(ef_filter_spec *s)
{
    return set(s, TX_PORT_SNIFF, 0);
}

int ef_filter_spec_set_block_kernel(ef_filter_spec *s)
{
    return set(s, BLOCK_KERNEL, 0);
}

int ef_filter_spec_set_block_kernel_multicast(ef_filter_spec *s)
{
    return set(s, BLOCK_MULTICAST, 0);
}

int ef_filter_spec_set_block_kernel_unicast(ef_filter_spec *s)
{
    return set(s, BLOCK_UNICAST, 0);
}

int ef_filter_spec_set_dest(ef_filter_spec *s, int queue, unsigned flags)
{
    (void)flags;
    if (s->type & (PORT_SNIFF | TX_PORT_SNIFF | BLOCK_KERNEL | BLOCK_MULTICAST | BLOCK_UNICAST))
        return -EPROTONOSUPPORT;
    if (queue < 0 || queue > 0xffff || (s->flags & EF_FILTER_FLAG_EXCLUSIVE_RXQ && queue == 0))
        return -EINVAL;
    s->destination = queue;
    s->type |= DESTINATION;
    return 0;
}

static void match_addresses(struct match *m, const ef_filter_spec *s, size_t bytes)
{
    uint8_t none[16] = {0};
    memcpy(m->local, s->local, bytes);
    m->local_port = s->local_port;
    m->protocol = (uint8_t)s->protocol;
    m->fields |= MATCH_LOCAL | MATCH_PROTOCOL | MATCH_ETHER_TYPE;
    /* What makes it a full filter is the remote address for IPv4, and for IPv6 the remote port. */
    if (bytes == 4 ? memcmp(s->remote, none, 4) != 0 : s->remote_port != 0) {
        memcpy(m->remote, s->remote, bytes);
        m->remote_port = s->remote_port;
        m->fields |= MATCH_REMOTE;
    }
}

/* What becomes of frames that match. */
enum effect {
    DELIVER = 1,        /* the VI gets them */
    FROM_KERNEL = 2,    /* the kernel does not */
    TO_ANYBODY = 4,     /* frames to other MAC addresses too */
    LEFT_OVER = 8,      /* only what no other filter and not the kernel wants */
    SENT = 16,          /* what the port sends, and not what it receives */
    SOLE = 32,          /* one owner on a port */
};

static int stream_to_match(const ef_filter_spec *s, struct match *m)
{
    switch (s->type & ~(unsigned)DESTINATION) {
    case IP4: case IP4 | VLAN:
        m->ether_type = htons(ETH_P_IP);
        match_addresses(m, s, 4);
        break;
    case IP6: case IP6 | VLAN:
        m->ether_type = htons(ETH_P_IPV6);
        match_addresses(m, s, 16);
        break;
    case MAC: case MAC | IP_PROTO: case MAC | ETHER_TYPE: case IP_PROTO | VLAN: case ETHER_TYPE | VLAN: case IP_PROTO: case ETHER_TYPE:
        break;
    default:
        return -EINVAL;
    }
    if (s->type & MAC) {
        memcpy(m->mac, s->mac, sizeof m->mac);
        m->fields |= MATCH_MAC | (s->vlan != EF_FILTER_VLAN_ID_ANY ? MATCH_VLAN : 0);
    }
    if (s->type & IP_PROTO) {
        m->ether_type = htons(ETH_P_IP);
        m->protocol = s->ip_protocol;
        m->fields |= MATCH_ETHER_TYPE | MATCH_PROTOCOL;
    }
    if (s->type & ETHER_TYPE) {
        m->ether_type = s->ether_type;
        m->fields |= MATCH_ETHER_TYPE;
    }
    if (s->type & VLAN)
        m->fields |= MATCH_VLAN;
    if (m->fields & MATCH_VLAN)
        m->vlan = (uint16_t)(s->vlan & 0xfff);
    return DELIVER | FROM_KERNEL | (s->type & MAC ? TO_ANYBODY : 0);
}

/*
 * The library's last switch: what it hands to the driver as a stream, what as a class, and -EINVAL for those combinations that the setters
 * let pass and it does not.
 */
static int to_match(const ef_filter_spec *s, struct match *m)
{
    memset(m, 0, sizeof *m);
    switch (s->type) {
    case ALL_UNICAST:
        m->fields = MATCH_UNICAST;
        return DELIVER | FROM_KERNEL | TO_ANYBODY;
    case ALL_MULTICAST:
        m->fields = MATCH_MULTICAST;
        return DELIVER | FROM_KERNEL;
    case MISMATCH_UNICAST: case MISMATCH_UNICAST | VLAN:
        m->fields = MATCH_UNICAST;
        break;
    case MISMATCH_MULTICAST: case MISMATCH_MULTICAST | VLAN:
        m->fields = MATCH_MULTICAST;
        break;
    case PORT_SNIFF:
        m->fields = MATCH_ANYTHING;
        return DELIVER | SOLE | (s->promiscuous ? TO_ANYBODY : 0);
    case TX_PORT_SNIFF:
        m->fields = MATCH_ANYTHING;
        return DELIVER | SOLE | SENT;
    case BLOCK_KERNEL:
        m->fields = MATCH_ANYTHING;
        return FROM_KERNEL;
    case BLOCK_UNICAST:
        m->fields = MATCH_UNICAST;
        return FROM_KERNEL;
    case BLOCK_MULTICAST:
        m->fields = MATCH_MULTICAST;
        return FROM_KERNEL;
    default:
        return stream_to_match(s, m);
    }
    if (s->type & VLAN) {
        m->fields |= MATCH_VLAN;
        m->vlan = (uint16_t)(s->vlan & 0xfff);
    }
    return DELIVER | TO_ANYBODY | LEFT_OVER;
}

/* What the driver has to say, as linux_char/filter_list.c and each NIC's efhw do. */
static int driver_refuses(const struct sim_nic *nic, const ef_filter_spec *s)
{
    const unsigned type = s->type & ~(unsigned)DESTINATION;
    const bool ip = (type & (IP4 | IP6)) != 0;
    if (sim_faults()->unprivileged && !ip)
        return -EPERM;
    if (!is_efct(nic))
        return 0;
    if (type == PORT_SNIFF || type == TX_PORT_SNIFF)
        return -EOPNOTSUPP; /* efhw_func has none */
    if (type & MAC && type & (IP_PROTO | ETHER_TYPE))
        return -EPROTONOSUPPORT; /* efct_filters.c has no class for it */
    return s->type & DESTINATION && s->destination >= EFCT_QUEUES ? -EINVAL : 0;
}

static void catch_up(struct sim_filters *f)
{
    for (int i = 0; i < f->vi_count; i++) {
        if (f->vis[i] != NULL)
            sim_catch_up(f->vis[i]);
    }
}

/* What is on the wire already is for the table as it was: it has reached the kernel. The moment between the last look at it and the steal
 * is kept short, as a frame that comes in it goes both ways, which no NIC does. */
static int insert(struct sim_filters *f, const struct match *m, int type, int effects)
{
    int slot = -1;
    for (int i = MAX_FILTERS - 1; i >= 0; i--) {
        if (f->types[i] == 0)
            slot = i;
        else if (effects & SOLE && f->types[i] == type)
            return -EBUSY;
        else if (f->types[i] == type && memcmp(&f->table[i], m, sizeof *m) == 0)
            return -EEXIST;
    }
    if (slot < 0)
        return -ENOSPC;
    int error = effects & FROM_KERNEL && f->steal == NULL && !sim_is_random() ? sim_steal_open(f->nic->index, &f->steal) : 0;
    catch_up(f);
    if (error == 0 && effects & FROM_KERNEL && f->steal != NULL)
        error = sim_steal_set(f->steal, slot, m);
    if (error)
        return error;
    f->table[slot] = *m;
    f->types[slot] = type;
    f->effects[slot] = (uint16_t)effects;
    if (f->used <= slot)
        f->used = slot + 1;
    return slot;
}

static int watch_sends(struct sim_filters *f, bool on)
{
    int error = 0;
    for (int i = 0; i < f->vi_count && error == 0; i++)
        error = f->vis[i] == NULL ? 0 : sim_wire_watch_sends(f->vis[i]->wire, on);
    return error;
}

static int add(struct sim_filters *f, const ef_filter_spec *s, ef_filter_cookie *out)
{
    struct match m;
    const int scripted = sim_faults()->no_filter;
    int slot = scripted ? scripted : sim_random_refusal(16), effects = 0;
    if (slot == 0)
        slot = effects = to_match(s, &m);
    if (slot > 0)
        slot = driver_refuses(f->nic, s);
    if (slot == 0 && effects & SENT)
        slot = watch_sends(f, true);
    if (slot == 0)
        slot = insert(f, &m, (int)s->type, effects);
    if (slot < 0)
        return slot;
    *out = (ef_filter_cookie){.filter_id = slot, .filter_type = (int)s->type};
    return 0;
}

static int delete(struct sim_filters *f, const ef_filter_cookie *cookie, const char *call)
{
    static const struct match nothing;
    const int slot = cookie->filter_id;
    catch_up(f);
    if (slot < 0 || slot >= MAX_FILTERS || f->types[slot] == 0 || f->types[slot] != cookie->filter_type)
        sim_misuse(call, "no filter has the cookie %d, %d", cookie->filter_id, cookie->filter_type);
    int error = f->effects[slot] & FROM_KERNEL && f->steal != NULL ? sim_steal_set(f->steal, slot, &nothing) : 0;
    if (f->effects[slot] & SENT)
        error = watch_sends(f, false);
    f->types[slot] = 0;
    f->table[slot] = nothing;
    return error;
}

/* A set's table is looked at by each of its VIs as it polls: the simulator wants nobody on any of them, of which hardware does not care. */
static void enter_all(struct sim_filters *f, const char *call)
{
    for (int i = 0; i < f->vi_count; i++) {
        if (f->vis[i] != NULL)
            sim_enter_vi(f->vis[i], call);
    }
}

static void leave_all(struct sim_filters *f)
{
    for (int i = 0; i < f->vi_count; i++) {
        if (f->vis[i] != NULL)
            sim_leave(f->vis[i]);
    }
}

static struct sim_filters *enter_own(ef_vi *vi, const char *call)
{
    struct sim_vi *v = sim_enter(vi, call);
    if (v->pd->members != 0)
        sim_misuse(call, "which streams a cluster has is not the program's choice");
    if (v->set != NULL)
        sim_misuse(call, "a filter on one VI of a set is another copy of each frame");
    return v->filters;
}

int ef_vi_filter_add(ef_vi *vi, ef_driver_handle handle, const ef_filter_spec *s, ef_filter_cookie *out)
{
    (void)handle;
    struct sim_filters *f = enter_own(vi, __func__);
    const int error = add(f, s, out);
    leave_all(f);
    return error;
}

int ef_vi_filter_del(ef_vi *vi, ef_driver_handle handle, ef_filter_cookie *cookie)
{
    (void)handle;
    struct sim_filters *f = enter_own(vi, __func__);
    const int error = delete(f, cookie, __func__);
    leave_all(f);
    return error;
}

int ef_vi_set_filter_add(ef_vi_set *set, ef_driver_handle handle, const ef_filter_spec *s, ef_filter_cookie *out)
{
    (void)handle;
    struct sim_filters *f = &set->sim->filters;
    enter_all(f, __func__);
    const int error = add(f, s, out);
    leave_all(f);
    return error;
}

int ef_vi_set_filter_del(ef_vi_set *set, ef_driver_handle handle, ef_filter_cookie *cookie)
{
    (void)handle;
    struct sim_filters *f = &set->sim->filters;
    enter_all(f, __func__);
    const int error = delete(f, cookie, __func__);
    leave_all(f);
    return error;
}

/* Whether the kernel has asked the NIC for a multicast MAC address: /proc/net/dev_mcast. It always wants broadcast. */
static bool kernel_listens(const struct sim_nic *nic, const uint8_t mac[6])
{
    static const uint8_t broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    char wanted[13], line[256];
    if (memcmp(mac, broadcast, 6) == 0 || memcmp(mac, nic->mac, 6) == 0)
        return true;
    snprintf(wanted, sizeof wanted, "%02x%02x%02x%02x%02x%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
    FILE *table = fopen("/proc/net/dev_mcast", "re");
    bool found = false;
    while (table != NULL && !found && fgets(line, sizeof line, table) != NULL)
        found = atoi(line) == nic->index && strstr(line, wanted) != NULL;
    if (table != NULL)
        fclose(table);
    return found;
}

void sim_describe(struct match *m, const uint8_t *frame, size_t bytes)
{
    size_t l3 = ETH_HLEN;
    memset(m, 0, sizeof *m);
    memcpy(m->mac, frame, sizeof m->mac);
    memcpy(&m->ether_type, frame + 12, 2);
    m->fields = MATCH_ANYTHING | MATCH_MAC | MATCH_ETHER_TYPE | (frame[0] & 1 ? MATCH_MULTICAST : MATCH_UNICAST);
    if (m->ether_type == htons(ETH_P_8021Q) && bytes >= ETH_HLEN + 4) {
        m->vlan = (uint16_t)((frame[14] << 8 | frame[15]) & 0xfff);
        m->fields |= MATCH_VLAN;
        memcpy(&m->ether_type, frame + 16, 2);
        l3 += 4;
    }
#define LOAD(offset, to, n) ((offset) + (n) > bytes ? -1 : (memcpy((to), frame + (offset), (n)), 0))
    MATCH_PARSE_L3(m, l3, LOAD);
}

bool sim_filters_match(const struct sim_filters *f, const uint8_t *frame, size_t bytes, enum towards towards)
{
    struct match m;
    bool left_over = false;
    sim_describe(&m, frame, bytes);
    for (int i = 0; i < f->used; i++) {
        const unsigned effects = f->effects[i];
        if (f->types[i] == 0 || !(effects & DELIVER) || (towards == OUTGOING) != ((effects & SENT) != 0)
            || (towards == TO_OTHERS && !(effects & TO_ANYBODY)) || !match_filter(&f->table[i], &m))
            continue;
        if (!(effects & LEFT_OVER))
            return true;
        left_over = true;
    }
    return left_over && !kernel_listens(f->nic, frame);
}

void sim_filters_close(struct sim_filters *f)
{
    if (f->steal != NULL)
        sim_steal_close(f->steal);
    f->steal = NULL;
}

int sim_filters_join(struct sim_vi *v)
{
    const int slot = insert(&v->own, &v->pd->stream, IP4, DELIVER | FROM_KERNEL);
    return slot < 0 ? slot : 0;
}

bool sim_is_mine(const struct sim_vi *v, const uint8_t *frame, size_t bytes)
{
    struct match m;
    sim_describe(&m, frame, bytes);
    if (v->set != NULL)
        return sim_is_chosen(v, &m);
    return v->pd->members == 0 || (m.remote[0] ^ ntohs(m.remote_port)) % (unsigned)v->pd->members == (unsigned)v->pd->member;
}
