/* The event queue, and the NIC at work: it takes frames from the wire when it is asked for events. */
#include "sim.h"

#include <errno.h>

/* The cable waits while the program has so much to look at: what is dropped is dropped for want of descriptors, not of our haste. */
enum { AHEAD = 64 };

void sim_event(struct sim_vi *v, const ef_event *e)
{
    struct sim_events *q = &v->events;
    if (q->tail - q->head == q->capacity)
        q->overflowed = true;
    else
        q->ring[q->tail++ % q->capacity] = *e;
    sim_wake(v);
}

void sim_overflow(struct sim_vi *v)
{
    v->events.overflowed = true;
    sim_wake(v);
}

/* Events that a VI of ours has no use for. */
static void odd_event(struct sim_vi *v)
{
    static const unsigned types[] = {EF_EVENT_TYPE_SW, EF_EVENT_TYPE_RX_MULTI_PKTS, 200};
    sim_rx_flush_merged(v);
    sim_event(v, &(ef_event){.generic.type = types[sim_random_below(sizeof types / sizeof types[0])]});
}

static void receive(struct sim_vi *v, size_t bytes)
{
    const struct sim_faults *faults = sim_faults();
    const int frame = (int)++v->rx.frames;
    if (sim_chance(200))
        odd_event(v);
    if (frame == faults->software_rx_at) {
        sim_rx_flush_merged(v);
        sim_event(v, &(ef_event){.sw = {.type = EF_EVENT_TYPE_SW, .data = 1}});
    }
    if (frame == faults->overflow_at || sim_chance(20000)) {
        sim_ledger.fatal++;
        sim_overflow(v);
    } else if (frame == faults->reset_at || sim_chance(20000)) {
        sim_ledger.fatal++;
        sim_rx_flush_merged(v);
        sim_event(v, &(ef_event){.generic.type = EF_EVENT_TYPE_RESET});
        v->dead = true;
    } else if (is_efct(&v->pd->nic)) {
        sim_superbufs_deliver(v, v->frame, bytes, sim_discard(v, frame));
    } else {
        sim_rx_deliver(v, v->frame, bytes, sim_discard(v, frame));
    }
}

static unsigned waiting(const struct sim_vi *v)
{
    return v->events.tail - v->events.head + (v->rx.merge ? v->rx.filled - v->rx.removed : 0);
}

static void pump_receive(struct sim_vi *v, unsigned most)
{
    int bytes = 0;
    while (bytes >= 0 && waiting(v) < most && !v->dead && !v->events.overflowed) {
        enum towards towards = TO_US;
        bytes = sim_is_random() ? sim_random_frame(v->frame) : sim_wire_receive(v->wire, v->frame, &towards);
        if (bytes > 0 && (sim_is_random() || (sim_filters_match(v->filters, v->frame, (size_t)bytes, towards)
                                              && sim_is_mine(v, v->frame, (size_t)bytes))))
            receive(v, (size_t)bytes);
        if (v->rx.merged == EF_VI_RECEIVE_BATCH)
            sim_rx_flush_merged(v);
    }
    sim_rx_flush_merged(v);
}

/* A filter counts from its insertion on: what is on the wire already is for the table as it was. */
void sim_catch_up(struct sim_vi *v)
{
    if (v->rx.mask != 0 && !sim_is_random())
        pump_receive(v, v->events.capacity);
}

void sim_pump(struct sim_vi *v)
{
    if (v->rx.mask != 0)
        pump_receive(v, AHEAD);
    if (v->tx.mask != 0)
        sim_tx_tell(v);
}

/* Enters an event as told. */
static void enter_told(const ef_event *e)
{
    struct sim_ledger *l = &sim_ledger;
    switch (e->generic.type) {
    case EF_EVENT_TYPE_RX:
        l->good += (e->rx.flags & EF_EVENT_FLAG_CONT) == 0;
        break;
    case EF_EVENT_TYPE_RX_DISCARD:
        l->discards[e->rx.subtype]++;
        break;
    case EF_EVENT_TYPE_RX_MULTI:
        l->good += e->rx_multi.sim_frames;
        break;
    case EF_EVENT_TYPE_RX_MULTI_DISCARD:
        l->discards[e->rx_multi.subtype]++;
        break;
    case EF_EVENT_TYPE_RX_REF:
        l->good++;
        break;
    case EF_EVENT_TYPE_RX_REF_DISCARD:
        l->discards[ef_vi_get_rx_discard_subtype_from_flags(e->rx_ref_discard.flags)]++;
        break;
    case EF_EVENT_TYPE_RX_NO_DESC_TRUNC:
        l->truncated++;
        break;
    case EF_EVENT_TYPE_TX: case EF_EVENT_TYPE_RESET:
        break;
    case EF_EVENT_TYPE_SW:
        l->software_events++;
        break;
    case EF_EVENT_TYPE_TX_WITH_TIMESTAMP:
        l->stamped++;
        break;
    case EF_EVENT_TYPE_TX_ERROR:
        l->errors[e->tx.subtype]++;
        break;
    default:
        l->other_events++;
    }
}

/* Frames that nobody will ever be told of. */
unsigned sim_untold(const struct sim_vi *v)
{
    unsigned frames = 0;
    for (unsigned i = v->events.head; i != v->events.tail; i++) {
        const ef_event *e = &v->events.ring[i % v->events.capacity];
        const unsigned type = e->generic.type;
        if (type == EF_EVENT_TYPE_RX_MULTI)
            frames += e->rx_multi.sim_frames;
        else
            frames += type == EF_EVENT_TYPE_RX_DISCARD || type == EF_EVENT_TYPE_RX_MULTI_DISCARD || type == EF_EVENT_TYPE_RX_REF
                || type == EF_EVENT_TYPE_RX_REF_DISCARD || type == EF_EVENT_TYPE_RX_NO_DESC_TRUNC
                || (type == EF_EVENT_TYPE_RX && !(e->rx.flags & EF_EVENT_FLAG_CONT));
    }
    return frames;
}

static void hand_out(struct sim_vi *v, const ef_event *e)
{
    enter_told(e);
    switch (e->generic.type) {
    case EF_EVENT_TYPE_RX_MULTI:
    case EF_EVENT_TYPE_RX_MULTI_DISCARD:
    case EF_EVENT_TYPE_TX:
        v->events.to_unbundle++;
        break;
    case EF_EVENT_TYPE_TX_ERROR:
        v->tx.error_told = true;
        break;
    case EF_EVENT_TYPE_TX_WITH_TIMESTAMP:
        sim_tx_told(v, e);
        break;
    default:
        sim_rx_told(v, e);
    }
}

int ef_eventq_poll(ef_vi *vi, ef_event *out, int count)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    struct sim_events *q = &v->events;
    int n = 0;
    if (count < EF_VI_EVENT_POLL_MIN_EVS)
        MISUSE("room for %d events is too little", count);
    if (q->to_unbundle != 0)
        MISUSE("%d events of the poll before were not unbundled", q->to_unbundle);
    sim_pump(v);
    if (q->overflowed) { /* for good: nobody knows what was lost */
        out[n++] = (ef_event){.generic.type = EF_EVENT_TYPE_OFLOW};
    } else {
        while (n < count && q->head != q->tail) {
            out[n] = q->ring[q->head++ % q->capacity];
            hand_out(v, &out[n++]);
        }
        if (q->head == q->tail)
            sim_unwake(v);
    }
    sim_leave(v);
    return n;
}

int ef_eventq_has_event(const ef_vi *vi)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    if (v->events.to_unbundle == 0)
        sim_pump(v);
    const int has = v->events.overflowed || v->events.head != v->events.tail;
    sim_leave(v);
    return has;
}

unsigned ef_eventq_current(ef_vi *vi)
{
    return vi->sim->events.head;
}
