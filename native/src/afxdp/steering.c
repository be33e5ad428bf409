/* Loads the XDP program from its light skeleton, which needs bpf(2) only, attaches it by a link, and changes its filters. */
#include "afxdp/afxdp.h"
#include "afxdp/steering.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-function"
#include "afxdp.lskel.h"
#pragma GCC diagnostic pop

/* The filters of a port, kept to tell what the program's table of ports should say. */
struct port_filters {
    uint32_t local_xor; /* of the local filters' IPv4 addresses: the address itself where there is one */
    uint16_t locals;    /* of IPv4 */
    uint16_t fulls;     /* of IPv4 */
    uint32_t ipv6;
};

struct steering {
    struct afxdp_bpf *skeleton;
    int link;
    struct port_filters ports[65536]; /* by port in network order; calloc gives pages only as they are used */
};

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    long r = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    return r < 0 ? -errno : (int)r;
}

int steering_load(struct steering **out)
{
    struct steering *s = calloc(1, sizeof *s);
    if (s == NULL)
        return -ENOMEM;
    s->link = -1;
    errno = 0;
    s->skeleton = afxdp_bpf__open();
    if (s->skeleton == NULL) {
        free(s);
        return -ENOMEM;
    }
    int error = afxdp_bpf__load(s->skeleton);
    if (error) {
        steering_close(s);
        return error < 0 ? error : -EINVAL;
    }
    *out = s;
    return 0;
}

/* A link, unlike a netlink attachment, is undone when its last descriptor closes: a killed process leaves nothing. */
int steering_attach(struct steering *s, int ifindex, uint32_t xdp_flags)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.link_create.prog_fd = (uint32_t)s->skeleton->progs.accel_steal.prog_fd;
    a.link_create.target_ifindex = (uint32_t)ifindex;
    a.link_create.attach_type = BPF_XDP;
    a.link_create.flags = xdp_flags;
    int fd = bpf(BPF_LINK_CREATE, &a);
    if (fd < 0)
        return fd;
    s->link = fd;
    return 0;
}

void steering_configure(struct steering *s, const uint8_t mac[6], uint32_t frame_limit)
{
    memcpy(s->skeleton->bss->mac, mac, 6);
    __atomic_store_n(&s->skeleton->bss->frame_limit, frame_limit, __ATOMIC_RELEASE);
}

static int update(int map, const void *key, const void *value, uint64_t flags)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_fd = (uint32_t)map;
    a.key = (uintptr_t)key;
    a.value = (uintptr_t)value;
    a.flags = flags;
    return bpf(BPF_MAP_UPDATE_ELEM, &a);
}

static int delete(int map, const void *key)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_fd = (uint32_t)map;
    a.key = (uintptr_t)key;
    return bpf(BPF_MAP_DELETE_ELEM, &a);
}

int steering_queue(struct steering *s, uint32_t queue, int socket)
{
    return update(s->skeleton->maps.sockets.map_fd, &queue, &socket, BPF_ANY);
}

static int tell_port(struct steering *s, uint32_t port)
{
    const struct port_filters *held = &s->ports[port];
    const struct port_entry value = {
        .ipv4 = held->locals == 1 && held->fulls == 0 ? held->local_xor : held->locals + held->fulls == 0 ? PORT_EMPTY : PORT_IN_TABLES,
        .ipv6 = held->ipv6 == 0 ? PORT_EMPTY : PORT_IN_TABLES,
    };
    return update(s->skeleton->maps.ports.map_fd, &port, &value, BPF_ANY);
}

static void count(struct port_filters *held, bool full, int change, const struct local_filter *local)
{
    static const uint32_t mapped[4] = IPV4_IN_IPV6(0);
    if (memcmp(local->address, mapped, 3 * sizeof *mapped) != 0) {
        held->ipv6 += (uint32_t)change;
    } else if (full) {
        held->fulls = (uint16_t)(held->fulls + change);
    } else {
        held->locals = (uint16_t)(held->locals + change);
        held->local_xor ^= local->address[3];
    }
}

int steering_filter(struct steering *s, bool install, bool full, const void *full_filter)
{
    const struct full_filter *key = full_filter;
    const int map = full ? s->skeleton->maps.fulls.map_fd : s->skeleton->maps.locals.map_fd;
    const uint32_t one = 1;
    const void *entry = full ? (const void *)key : &key->local;
    struct port_filters *held = &s->ports[key->local.port];
    int error = install ? update(map, entry, &one, BPF_NOEXIST) : delete(map, entry);
    if (error)
        return error;
    count(held, full, install ? 1 : -1, &key->local);
    error = tell_port(s, key->local.port);
    if (error && install) {
        count(held, full, -1, &key->local);
        delete(map, entry);
    }
    return error;
}

void steering_close(struct steering *s)
{
    if (s->link >= 0)
        close(s->link);
    afxdp_bpf__destroy(s->skeleton);
    free(s);
}
