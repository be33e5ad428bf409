/*
 * A libciul that does nothing, to measure what the glue costs over it: events are ready made, frames lie where they lie, sends are done at
 * once. It has the simulated one's headers and checks nothing; no test runs on it and no jar holds it.
 *
 * The interface's name chooses the NIC and how many events each poll finds: 7000-1, x2-16, x3-4.
 */
#include <etherfabric/capabilities.h>
#include <etherfabric/efct_vi.h>
#include <etherfabric/memreg.h>
#include <etherfabric/pd.h>
#include <etherfabric/pio.h>
#include <etherfabric/vi.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    MOST_EVENTS = 32, PREFIX = 14, BUFFER_BYTES = 1792, PIO_BYTES = 2048, FRAME_BYTES = 106, RING = 512, MTU = 1500,
    PACKET_STRIDE = 2048,
};
#define WINDOW ((size_t)1 << 21)

enum generation { WITH_PIO, WITH_CTPIO, LENDING };

struct sim_pd {
    enum generation generation;
    unsigned events;
};

struct sim_set {
    ef_pd pd;
};

struct sim_memory {
    ef_addr base;
};

struct sim_vi {
    enum generation generation;
    bool receives, merges;
    ef_event ready[MOST_EVENTS];
    unsigned ready_count;   /* that a poll finds: frames in the same buffers each time */
    unsigned added, done;   /* sent frames */
    ef_request_id ids[RING];
    char *packets;          /* where they are lent */
};

static bool chosen(const char *name, struct sim_pd *pd)
{
    static const char *const names[] = {[WITH_PIO] = "7000-", [WITH_CTPIO] = "x2-", [LENDING] = "x3-"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(name, names[i], strlen(names[i])) == 0) {
            pd->generation = (enum generation)i;
            pd->events = (unsigned)atoi(name + strlen(names[i]));
            return true;
        }
    }
    return false;
}

const char *ef_vi_version_str(void)
{
    return "no-op";
}

const char *ef_vi_driver_interface_str(void)
{
    return "no-op";
}

const char *ef_vi_capabilities_name(enum ef_vi_capability capability)
{
    (void)capability;
    return "";
}

int ef_vi_capabilities_max(void)
{
    return EF_VI_CAP_MAX - 1;
}

int ef_driver_open(ef_driver_handle *out)
{
    *out = epoll_create1(0);
    return *out < 0 ? -errno : 0;
}

int ef_driver_close(ef_driver_handle handle)
{
    return close(handle) == 0 ? 0 : -errno;
}

int ef_pd_alloc_by_name(ef_pd *pd, ef_driver_handle handle, const char *name, enum ef_pd_flags flags)
{
    (void)handle; (void)flags;
    pd->sim = calloc(1, sizeof *pd->sim);
    if (pd->sim == NULL)
        return -ENOMEM;
    return chosen(name, pd->sim) ? 0 : -ENODEV;
}

const char *ef_pd_interface_name(ef_pd *pd)
{
    (void)pd;
    return "noop";
}

int ef_pd_free(ef_pd *pd, ef_driver_handle handle)
{
    (void)handle;
    free(pd->sim);
    return 0;
}

int ef_pd_capabilities_get(ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, enum ef_vi_capability capability,
                           unsigned long *value)
{
    (void)handle; (void)pd_handle;
    const enum generation g = pd->sim->generation;
    *value = capability == EF_VI_CAP_PIO ? g == WITH_PIO
        : capability == EF_VI_CAP_CTPIO ? g != WITH_PIO
        : capability == EF_VI_CAP_CTPIO_ONLY || capability == EF_VI_CAP_RX_REF ? g == LENDING
        : capability == EF_VI_CAP_RX_MERGE && g != LENDING;
    return 0;
}

int ef_memreg_alloc(ef_memreg *out, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, void *memory, size_t bytes)
{
    (void)handle; (void)pd; (void)pd_handle; (void)bytes;
    out->sim = calloc(1, sizeof *out->sim);
    if (out->sim == NULL)
        return -ENOMEM;
    out->sim->base = (ef_addr)(uintptr_t)memory;
    return 0;
}

int ef_memreg_free(ef_memreg *memreg, ef_driver_handle handle)
{
    (void)handle;
    free(memreg->sim);
    return 0;
}

ef_addr ef_memreg_dma_addr(ef_memreg *memreg, size_t offset)
{
    return memreg->sim->base + offset;
}

static void make_ready(struct sim_vi *v, unsigned events)
{
    if (v->merges) {
        v->ready[v->ready_count++] = (ef_event){.rx_multi = {
            .type = EF_EVENT_TYPE_RX_MULTI, .n_descs = events < EF_VI_RECEIVE_BATCH ? events : EF_VI_RECEIVE_BATCH,
            .flags = EF_EVENT_FLAG_SOP,
        }};
        return;
    }
    for (unsigned i = 0; i < events && i < MOST_EVENTS; i++) {
        if (v->generation == LENDING)
            v->ready[i] = (ef_event){.rx_ref = {.type = EF_EVENT_TYPE_RX_REF, .pkt_id = i, .len = FRAME_BYTES}};
        else
            v->ready[i] = (ef_event){.rx = {
                .type = EF_EVENT_TYPE_RX, .rq_id = i, .len = PREFIX + FRAME_BYTES, .flags = EF_EVENT_FLAG_SOP,
            }};
        v->ready_count++;
    }
}

int ef_vi_alloc_from_pd(ef_vi *vi, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, int events, int rx, int tx,
                        ef_vi *event_queue, ef_driver_handle event_queue_handle, enum ef_vi_flags flags)
{
    (void)handle; (void)pd_handle; (void)events; (void)tx; (void)event_queue; (void)event_queue_handle;
    struct sim_vi *v = calloc(1, sizeof *v);
    if (v == NULL)
        return -ENOMEM;
    v->generation = pd->sim->generation;
    v->receives = rx != 0;
    v->merges = (flags & EF_VI_RX_EVENT_MERGE) != 0;
    if (v->receives && v->generation == LENDING) {
        v->packets = aligned_alloc(WINDOW, WINDOW);
        if (v->packets == NULL) {
            free(v);
            return -ENOMEM;
        }
        memset(v->packets, 0, WINDOW);
    }
    if (v->receives)
        make_ready(v, pd->sim->events);
    vi->sim = v;
    vi->nic_type = (struct ef_vi_nic_type){
        .arch = v->generation == LENDING ? EF_VI_ARCH_EFCT : EF_VI_ARCH_EF10, .variant = 'A', .revision = 1,
    };
    return 0;
}

int ef_vi_set_alloc_from_pd(ef_vi_set *set, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, int vis)
{
    (void)handle; (void)pd_handle; (void)vis;
    if (pd->sim->generation == LENDING)
        return -EOPNOTSUPP;
    set->sim = calloc(1, sizeof *set->sim);
    if (set->sim == NULL)
        return -ENOMEM;
    set->sim->pd = *pd;
    return 0;
}

int ef_vi_set_free(ef_vi_set *set, ef_driver_handle handle)
{
    (void)handle;
    free(set->sim);
    return 0;
}

int ef_vi_alloc_from_set(ef_vi *vi, ef_driver_handle handle, ef_vi_set *set, ef_driver_handle set_handle, int index, int events, int rx,
                         int tx, ef_vi *event_queue, ef_driver_handle event_queue_handle, enum ef_vi_flags flags)
{
    (void)index;
    return ef_vi_alloc_from_pd(vi, handle, &set->sim->pd, set_handle, events, rx, tx, event_queue, event_queue_handle, flags);
}

int ef_vi_free(ef_vi *vi, ef_driver_handle handle)
{
    (void)handle;
    free(vi->sim->packets);
    free(vi->sim);
    return 0;
}

unsigned ef_vi_mtu(ef_vi *vi, ef_driver_handle handle)
{
    (void)vi; (void)handle;
    return MTU + 14;
}

int ef_vi_get_mac(ef_vi *vi, ef_driver_handle handle, void *mac)
{
    (void)vi; (void)handle;
    memcpy(mac, (const uint8_t[]){2, 0, 0, 0, 0, 1}, 6);
    return 0;
}

/* Nothing ever wakes whoever waits for a NIC that is none. */
int ef_vi_prime(ef_vi *vi, ef_driver_handle handle, unsigned current)
{
    (void)vi; (void)handle; (void)current;
    return 0;
}

int ef_vi_stats_query_layout(ef_vi *vi, const ef_vi_stats_layout **out)
{
    (void)vi; (void)out;
    return -EINVAL;
}

int ef_vi_stats_query(ef_vi *vi, ef_driver_handle handle, void *data, int reset)
{
    (void)vi; (void)handle; (void)data; (void)reset;
    return -EINVAL;
}

int ef_vi_receive_prefix_len(const ef_vi *vi)
{
    return vi->sim->generation == LENDING ? 0 : PREFIX;
}

int ef_vi_receive_buffer_len(const ef_vi *vi)
{
    (void)vi;
    return BUFFER_BYTES;
}

int ef_vi_receive_space(const ef_vi *vi)
{
    (void)vi;
    return RING - 1;
}

int ef_vi_receive_fill_level(const ef_vi *vi)
{
    (void)vi;
    return 0;
}

int ef_vi_receive_init(ef_vi *vi, ef_addr address, ef_request_id id)
{
    (void)vi; (void)address; (void)id;
    return 0;
}

void ef_vi_receive_push(ef_vi *vi)
{
    (void)vi;
}

int ef_vi_receive_get_bytes(ef_vi *vi, const void *packet, uint16_t *bytes)
{
    (void)vi; (void)packet;
    *bytes = FRAME_BYTES;
    return 0;
}

int ef_vi_receive_get_precise_timestamp(ef_vi *vi, const void *packet, ef_precisetime *out)
{
    (void)vi; (void)packet; (void)out;
    return -ENOSYS;
}

int ef_vi_receive_unbundle(ef_vi *vi, const ef_event *e, ef_request_id *ids)
{
    (void)vi;
    const int n = (int)e->rx_multi.n_descs;
    for (int i = 0; i < n; i++)
        ids[i] = i;
    return n;
}

uint64_t ef_vi_receive_get_discards(ef_vi *vi)
{
    (void)vi;
    return EF_VI_DISCARD_RX_L4_CSUM_ERR | EF_VI_DISCARD_RX_L3_CSUM_ERR;
}

unsigned ef_vi_get_rx_discard_subtype_from_flags(unsigned flags)
{
    return flags;
}

const void *efct_vi_rxpkt_get(ef_vi *vi, uint32_t packet)
{
    return vi->sim->packets + (size_t)packet * PACKET_STRIDE;
}

void efct_vi_rxpkt_release(ef_vi *vi, uint32_t packet)
{
    (void)vi; (void)packet;
}

static int received(struct sim_vi *v, ef_event *out, unsigned count)
{
    const unsigned n = v->ready_count < count ? v->ready_count : count;
    for (unsigned i = 0; i < n; i++)
        out[i] = v->ready[i];
    return (int)n;
}

int ef_eventq_poll(ef_vi *vi, ef_event *out, int count)
{
    struct sim_vi *v = vi->sim;
    if (v->receives)
        return received(v, out, (unsigned)count);
    if (v->added == v->done)
        return 0;
    out[0] = (ef_event){.tx = {.type = EF_EVENT_TYPE_TX}};
    return 1;
}

int ef_eventq_has_event(const ef_vi *vi)
{
    return vi->sim->receives;
}

unsigned ef_eventq_current(ef_vi *vi)
{
    (void)vi;
    return 0;
}

static int add(ef_vi *vi, ef_request_id id)
{
    struct sim_vi *v = vi->sim;
    if (v->added - v->done == RING - 1)
        return -EAGAIN;
    v->ids[v->added++ % RING] = id;
    return 0;
}

int ef_vi_transmit_capacity(const ef_vi *vi)
{
    (void)vi;
    return RING - 1;
}

int ef_vi_transmitv_init(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    (void)parts; (void)count;
    return add(vi, id);
}

void ef_vi_transmit_push(ef_vi *vi)
{
    (void)vi;
}

int ef_vi_transmitv(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    (void)parts; (void)count;
    return add(vi, id);
}

int ef_vi_transmit_copy_pio(ef_vi *vi, int offset, const void *frame, int bytes, ef_request_id id)
{
    (void)offset; (void)frame; (void)bytes;
    return add(vi, id);
}

void ef_vi_transmitv_ctpio(ef_vi *vi, size_t bytes, const struct iovec *parts, int count, unsigned threshold)
{
    (void)vi; (void)bytes; (void)parts; (void)count; (void)threshold;
}

int ef_vi_transmitv_ctpio_fallback(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    (void)parts; (void)count;
    return add(vi, id);
}

int ef_vi_transmit_unbundle(ef_vi *vi, const ef_event *e, ef_request_id *ids)
{
    (void)e;
    struct sim_vi *v = vi->sim;
    int n = 0;
    while (n < EF_VI_TRANSMIT_BATCH && v->done != v->added)
        ids[n++] = v->ids[v->done++ % RING];
    return n;
}

int ef_vi_reinit_txq_post_error(ef_vi *vi)
{
    (void)vi;
    return 0;
}

int sim_next_failed_transmit(ef_vi *vi, uint32_t *id)
{
    (void)vi; (void)id;
    return 0;
}

int ef_pio_alloc(ef_pio *pio, ef_driver_handle handle, ef_pd *pd, unsigned length_hint, ef_driver_handle pd_handle)
{
    (void)handle; (void)pd; (void)length_hint; (void)pd_handle;
    pio->pio_len = PIO_BYTES;
    return 0;
}

int ef_pio_free(ef_pio *pio, ef_driver_handle handle)
{
    (void)pio; (void)handle;
    return 0;
}

int ef_pio_link_vi(ef_pio *pio, ef_driver_handle handle, ef_vi *vi, ef_driver_handle vi_handle)
{
    (void)pio; (void)handle; (void)vi; (void)vi_handle;
    return 0;
}

int ef_pio_unlink_vi(ef_pio *pio, ef_driver_handle handle, ef_vi *vi, ef_driver_handle vi_handle)
{
    (void)pio; (void)handle; (void)vi; (void)vi_handle;
    return 0;
}
