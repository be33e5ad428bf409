/* VIs: opening, closing, and what is asked of them. */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

void sim_enter_vi(struct sim_vi *v, const char *call)
{
    if (__atomic_exchange_n(&v->inside, 1, __ATOMIC_ACQUIRE) != 0)
        sim_misuse(call, "two threads are on the VI at once");
}

struct sim_vi *sim_enter(const ef_vi *vi, const char *call)
{
    struct sim_vi *v = vi->sim;
    if (v == NULL)
        sim_misuse(call, "the VI is closed");
    sim_enter_vi(v, call);
    return v;
}

void sim_leave(struct sim_vi *v)
{
    __atomic_store_n(&v->inside, 0, __ATOMIC_RELEASE);
}

/* 0 for none, or descriptors as the NIC has them: a power of two. */
static int ring_size(int wanted)
{
    int size = MIN_RING;
    if (wanted == 0)
        return 0;
    while (size < wanted)
        size *= 2;
    return wanted < 0 ? MIN_RING : size <= MAX_RING ? size : -EINVAL;
}

static int allocate(struct sim_vi *v, int rx, int tx)
{
    v->events.capacity = (unsigned)(rx + tx + EVENT_RESERVE);
    v->events.ring = calloc(v->events.capacity, sizeof v->events.ring[0]);
    v->rx.ring = calloc((size_t)rx + 1, sizeof v->rx.ring[0]);
    v->tx.ring = calloc((size_t)tx + 1, sizeof v->tx.ring[0]);
    v->tx.ctpio_told = calloc((size_t)tx + 1, 1);
    if (v->events.ring == NULL || v->rx.ring == NULL || v->tx.ring == NULL || v->tx.ctpio_told == NULL)
        return -ENOMEM;
    v->rx.mask = rx == 0 ? 0 : (unsigned)rx - 1;
    v->tx.mask = tx == 0 ? 0 : (unsigned)tx - 1;
    return 0;
}

static void release(struct sim_vi *v)
{
    if (v->set != NULL && v->set->filters.vis[v->index] == v)
        v->set->filters.vis[v->index] = NULL;
    sim_filters_close(&v->own);
    sim_superbufs_close(v);
    if (v->wire >= 0)
        close(v->wire);
    if (v->wake >= 0)
        close(v->wake);
    free(v->events.ring);
    free(v->rx.ring);
    free(v->tx.ring);
    free(v->tx.ctpio_told);
    free(v);
}

static int refusal(const struct sim_nic *nic, int events, const ef_vi *event_queue, unsigned flags)
{
    static int asked;
    const struct sim_faults *faults = sim_faults();
    const int number = __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED);
    if (faults->vi_refused_from == 0 || (number >= faults->vi_refused_from && number <= faults->vi_refused_to)) {
        if (faults->steps_refused[REFUSE_VI])
            return faults->steps_refused[REFUSE_VI];
    }
    if (events == 0 || event_queue != NULL)
        MISUSE("the simulator has no shared event queues");
    if (flags & EF_VI_TX_CTPIO && nic->generation == EF10_7000)
        return -EOPNOTSUPP;
    return flags & EF_VI_RX_EVENT_MERGE && is_efct(nic) ? -EOPNOTSUPP : sim_random_refusal(16);
}

int ef_vi_alloc_from_pd(ef_vi *vi, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, int events, int rx, int tx,
                        ef_vi *event_queue, ef_driver_handle event_queue_handle, enum ef_vi_flags flags)
{
    (void)handle; (void)pd_handle; (void)event_queue_handle;
    return sim_vi_alloc(vi, pd->sim, NULL, 0, events, rx, tx, event_queue, flags);
}

int sim_vi_alloc(ef_vi *vi, struct sim_pd *pd, struct sim_set *set, int index, int events, int rx, int tx, ef_vi *event_queue,
                 unsigned flags)
{
    const struct sim_nic *nic = &pd->nic;
    int error = refusal(nic, events, event_queue, flags);
    rx = ring_size(rx);
    tx = ring_size(tx);
    if (error == 0)
        error = rx < 0 ? rx : tx < 0 ? tx : 0;
    struct sim_vi *v = error ? NULL : calloc(1, sizeof *v);
    if (v == NULL)
        return error ? error : -ENOMEM;
    v->pd = pd;
    v->wire = -1;
    v->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    v->own.nic = nic;
    v->own.vis[0] = v;
    v->own.vi_count = 1;
    v->set = set;
    v->index = index;
    v->filters = set == NULL ? &v->own : &set->filters;
    v->rx.merge = (flags & EF_VI_RX_EVENT_MERGE) != 0;
    v->rx.stamps = (flags & EF_VI_RX_TIMESTAMPS) != 0;
    v->tx.stamps = (flags & EF_VI_TX_TIMESTAMPS) != 0;
    v->tx.ctpio_allowed = (flags & EF_VI_TX_CTPIO) != 0;
    error = v->wake < 0 ? -errno : allocate(v, rx, tx);
    if (error == 0 && rx != 0 && is_efct(nic))
        error = sim_superbufs_open(v);
    if (error == 0 && !sim_is_random()) {
        v->wire = sim_wire_open(nic, rx != 0);
        error = v->wire < 0 ? v->wire : 0;
    }
    if (error) {
        release(v);
        return error;
    }
    if (error == 0 && pd->members != 0)
        error = rx == 0 || pd->member >= pd->members ? -EINVAL : sim_filters_join(v);
    if (error) {
        release(v);
        return error;
    }
    pd->users++;
    if (set != NULL)
        set->filters.vis[index] = v;
    vi->sim = v;
    vi->nic_type = (struct ef_vi_nic_type){.arch = is_efct(nic) ? EF_VI_ARCH_EFCT : EF_VI_ARCH_EF10, .variant = 'A', .revision = 1};
    return 0;
}

/* Nothing is the NIC's after it. */
int ef_vi_free(ef_vi *vi, ef_driver_handle handle)
{
    (void)handle;
    struct sim_vi *v = sim_enter(vi, __func__);
    sim_ledger.untold += sim_untold(v);
    sim_ledger.unsent += sim_frames_in_ring(v);
    sim_ledger.held = v->rx.mask != 0 ? 0 : sim_ledger.held;
    for (unsigned i = v->rx.removed; i != v->rx.added; i++)
        sim_take(v->pd, v->rx.ring[i & v->rx.mask].address);
    for (unsigned i = v->tx.removed; i != v->tx.added; i++) {
        if (v->tx.ring[i & v->tx.mask].address != 0)
            sim_take(v->pd, v->tx.ring[i & v->tx.mask].address);
    }
    v->pd->users--;
    vi->sim = NULL;
    release(v);
    return 0;
}

unsigned ef_vi_mtu(ef_vi *vi, ef_driver_handle handle)
{
    (void)handle;
    return (unsigned)vi->sim->pd->nic.mtu + 14;
}

int ef_vi_get_mac(ef_vi *vi, ef_driver_handle handle, void *mac)
{
    (void)handle;
    memcpy(mac, vi->sim->pd->nic.mac, sizeof vi->sim->pd->nic.mac);
    return 0;
}

void sim_wake(struct sim_vi *v)
{
    if (!v->primed)
        return;
    eventfd_write(v->wake, 1);
    v->primed = false;
    v->woken = true;
}

void sim_unwake(struct sim_vi *v)
{
    eventfd_t times;
    if (v->woken)
        (void)!eventfd_read(v->wake, &times);
    v->woken = false;
}

static int watch(int epoll, int fd, uint32_t events)
{
    struct epoll_event e = {.events = events};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e) == 0 || (errno == ENOENT && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == 0))
        return 0;
    return -errno;
}

/*
 * The handle is readable once an event is in the queue. The simulator looks at the wire when it is called, so the handle is also readable
 * at the next frame there, whomever it is for: a wake-up may turn out to be for nothing. The wire alone would not do, as another thread's
 * call (a filter's) may empty it between the frame and the look of whoever sleeps.
 */
int ef_vi_prime(ef_vi *vi, ef_driver_handle handle, unsigned current)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    if (current != v->events.head)
        MISUSE("primed at event %u of %u", current, v->events.head);
    sim_unwake(v);
    v->primed = true;
    if (v->events.overflowed || v->events.head != v->events.tail)
        sim_wake(v);
    int error = watch(handle, v->wake, EPOLLIN);
    if (error == 0)
        error = watch(handle, v->wire, EPOLLIN | EPOLLONESHOT);
    sim_leave(v);
    return error;
}

static const ef_vi_stats_layout STATISTICS = {
    .evsl_data_size = 16, .evsl_fields_num = 4,
    .evsl_fields = {
        {"RX CRC errors", 0, 4}, {"RX truncated", 4, 4}, {"RX no descriptor errors", 8, 4}, {"RX abort errors", 12, 4},
    },
};

int ef_vi_stats_query_layout(ef_vi *vi, const ef_vi_stats_layout **out)
{
    *out = &STATISTICS;
    return is_efct(&vi->sim->pd->nic) ? -EINVAL : 0;
}

int ef_vi_stats_query(ef_vi *vi, ef_driver_handle handle, void *data, int reset)
{
    (void)handle; (void)reset;
    const struct sim_vi *v = vi->sim;
    if (is_efct(&v->pd->nic))
        MISUSE("this NIC has none");
    memcpy(data, (uint32_t[]){0, v->rx.truncated, v->rx.no_descriptors, 0}, 16);
    return 0;
}
