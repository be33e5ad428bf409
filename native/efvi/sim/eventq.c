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
}

static void receive(struct sim_vi *v, size_t bytes)
{
    const struct sim_faults *faults = sim_faults();
    const int frame = (int)++v->rx.frames;
    if (frame == faults->overflow_at) {
        v->events.overflowed = true;
    } else if (frame == faults->reset_at) {
        sim_event(v, &(ef_event){.generic.type = EF_EVENT_TYPE_RESET});
        v->dead = true;
    } else if (is_efct(&v->pd->nic)) {
        sim_superbufs_deliver(v, v->frame, bytes, sim_discard(frame));
    } else {
        sim_rx_deliver(v, v->frame, bytes, sim_discard(frame));
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
        bytes = sim_wire_receive(v->wire, v->frame);
        if (bytes > 0 && sim_filters_match(&v->filters, v->frame, (size_t)bytes))
            receive(v, (size_t)bytes);
        if (v->rx.merged == EF_VI_RECEIVE_BATCH)
            sim_rx_flush_merged(v);
    }
    sim_rx_flush_merged(v);
}

/* A filter counts from its insertion on: what is on the wire already is for the table as it was. */
void sim_catch_up(struct sim_vi *v)
{
    if (v->rx.mask != 0)
        pump_receive(v, v->events.capacity);
}

void sim_pump(struct sim_vi *v)
{
    if (v->rx.mask != 0)
        pump_receive(v, AHEAD);
    if (v->tx.mask != 0)
        sim_tx_tell(v);
}

static void hand_out(struct sim_vi *v, const ef_event *e)
{
    switch (e->generic.type) {
    case EF_EVENT_TYPE_RX_MULTI:
    case EF_EVENT_TYPE_RX_MULTI_DISCARD:
    case EF_EVENT_TYPE_TX:
        v->events.to_unbundle++;
        break;
    case EF_EVENT_TYPE_TX_ERROR:
        v->tx.error_told = true;
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
