/* Loads steal.bpf.c from its light skeleton and links it to an interface's ingress (tcx, Linux 6.6): it goes when the process does. */
#include "sim.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-function"
#include "steal.lskel.h"
#pragma GCC diagnostic pop

enum { TCX_INGRESS = 46 }; /* BPF_TCX_INGRESS of linux/bpf.h since 6.6, an enumerator that older headers lack */

struct sim_steal {
    struct steal_bpf *skeleton;
    int link;
};

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    long r = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    return r < 0 ? -errno : (int)r;
}

static int link_program(int program, int interface)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.link_create.prog_fd = (uint32_t)program;
    a.link_create.target_ifindex = (uint32_t)interface;
    a.link_create.attach_type = TCX_INGRESS;
    return bpf(BPF_LINK_CREATE, &a);
}

int sim_steal_open(int interface, struct sim_steal **out)
{
    struct sim_steal *s = calloc(1, sizeof *s);
    if (s == NULL || (s->skeleton = steal_bpf__open()) == NULL) {
        free(s);
        return -ENOMEM;
    }
    s->link = -1;
    int error = steal_bpf__load(s->skeleton);
    if (error >= 0) {
        s->link = link_program(s->skeleton->progs.sim_steal.prog_fd, interface);
        error = s->link;
    }
    if (error < 0) {
        sim_steal_close(s);
        return error;
    }
    *out = s;
    return 0;
}

int sim_steal_set(struct sim_steal *s, int slot, const struct match *filter)
{
    union bpf_attr a;
    uint32_t key = (uint32_t)slot;
    memset(&a, 0, sizeof a);
    a.map_fd = (uint32_t)s->skeleton->maps.table.map_fd;
    a.key = (uintptr_t)&key;
    a.value = (uintptr_t)filter;
    a.flags = BPF_ANY;
    int error = bpf(BPF_MAP_UPDATE_ELEM, &a);
    if (error == 0 && s->skeleton->bss->used <= key)
        __atomic_store_n(&s->skeleton->bss->used, key + 1, __ATOMIC_RELEASE);
    return error;
}

void sim_steal_close(struct sim_steal *s)
{
    if (s->link >= 0)
        close(s->link);
    steal_bpf__destroy(s->skeleton);
    free(s);
}
