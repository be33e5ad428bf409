/*
 * The send side: one call submits a burst and rings the doorbell once, then takes in what the NIC has finished with. A lone frame goes by
 * the fastest way that the NIC has: cut-through (CTPIO), else from the NIC's own memory (PIO), else by DMA. One thread at a time.
 */
#include "efvi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PIO_SHORTEST = 16, CUT_THROUGH_BYTES = 64, STALL_POLLS = 20000 };

static ef_pd *send_domain(struct efvi *e)
{
    return e->clustered ? &e->send_domain : &e->domain;
}

static void open_pio(struct transmit_side *t, struct efvi *e)
{
    if (efvi_capability(e, EF_VI_CAP_PIO) == 0 || ef_pio_alloc(&t->pio, t->driver, send_domain(e), (unsigned)-1, e->driver) != 0)
        return; /* there are few regions: DMA does without */
    if (ef_pio_link_vi(&t->pio, t->driver, &t->vi, t->driver) == 0)
        t->pio_linked = true;
    else
        ef_pio_free(&t->pio, t->driver);
}

/* Without poison a frame that could not be written in time is not seen on the wire as a bad one; the fall-back sends it. The NIC keeps
 * every frame until it is whole then, also those of others who use CTPIO on the port. */
static int allocate_vi(struct transmit_side *t, struct efvi *e, const struct open_request *q)
{
    unsigned flags = t->ctpio ? EF_VI_TX_CTPIO : EF_VI_FLAGS_DEFAULT;
    if (t->ctpio && !(q->flags & (OPEN_STORE | OPEN_CUT_THROUGH)))
        flags |= EF_VI_TX_CTPIO_NO_POISON;
    if (t->stamps)
        flags |= EF_VI_TX_TIMESTAMPS;
    return ef_vi_alloc_from_pd(&t->vi, t->driver, send_domain(e), e->driver, -1, 0, q->transmit_ring, NULL, -1, (enum ef_vi_flags)flags);
}

int transmit_open(struct transmit_side *t, struct efvi *e, const struct open_request *q)
{
    t->memory = e->clustered ? &e->send_memory : &e->memory;
    t->driver = e->driver;
    t->ctpio_only = efvi_capability(e, EF_VI_CAP_CTPIO_ONLY) != 0;
    t->ctpio = t->ctpio_only || (q->flags & OPEN_CTPIO && efvi_capability(e, EF_VI_CAP_CTPIO) != 0);
    t->cut_through = q->flags & OPEN_STORE ? EF_VI_CTPIO_CT_THRESHOLD_SNF : CUT_THROUGH_BYTES;
    t->stamps = q->flags & OPEN_TX_TIMESTAMPS && efvi_capability(e, EF_VI_CAP_HW_TX_TIMESTAMPING) != 0;
    int error = allocate_vi(t, e, q);
    if (error < 0 && t->stamps) { /* on some NICs each of these needs a licence */
        t->stamps = false;
        error = allocate_vi(t, e, q);
    }
    if (error < 0 && t->ctpio && !t->ctpio_only) {
        t->ctpio = false;
        error = allocate_vi(t, e, q);
    }
    if (error < 0)
        return error;
    t->open = true;
    t->sends = calloc(e->buffers, sizeof t->sends[0]);
    t->done = calloc(e->buffers, sizeof t->done[0]);
    t->next_part = calloc(e->buffers, sizeof t->next_part[0]);
    t->counters = calloc(TRANSMIT_COUNTERS, sizeof t->counters[0]);
    if (t->sends == NULL || t->done == NULL || t->next_part == NULL || t->counters == NULL)
        return -ENOMEM;
    if (!t->ctpio)
        open_pio(t, e);
    return 0;
}

void transmit_close(struct transmit_side *t, struct efvi *e)
{
    (void)e;
    if (t->pio_linked) {
        ef_pio_unlink_vi(&t->pio, t->driver, &t->vi, t->driver);
        ef_pio_free(&t->pio, t->driver);
    }
    if (t->open)
        ef_vi_free(&t->vi, t->driver);
    free(t->sends);
    free(t->done);
    free(t->next_part);
    free(t->counters);
    memset(t, 0, sizeof *t);
}

/* A frame of one or several claims. */
struct frame {
    int parts;
    unsigned bytes;
    ef_iovec dma[SEND_PARTS];
    struct iovec host[SEND_PARTS];
};

/* How many of the claims make the next frame, or 0: it is not whole. */
static int gather(struct transmit_side *t, const struct send *s, int count, struct frame *f)
{
    f->bytes = 0;
    for (int i = 0; i < count && i < SEND_PARTS; i++) {
        f->dma[i] = (ef_iovec){.iov_base = t->memory->dma[s[i].buffer], .iov_len = s[i].length};
        f->host[i] = (struct iovec){.iov_base = t->memory->base + (size_t)s[i].buffer * BUFFER_BYTES, .iov_len = s[i].length};
        f->bytes += s[i].length;
        t->next_part[s[i].buffer] = s[i].more ? s[i + 1].buffer : NO_BUFFER;
        if (!s[i].more)
            return f->parts = i + 1;
    }
    return f->parts = 0;
}

static int send_cut_through(struct transmit_side *t, const struct frame *f, ef_request_id id)
{
    ef_vi_transmitv_ctpio(&t->vi, f->bytes, f->host, f->parts, t->cut_through);
    return ef_vi_transmitv_ctpio_fallback(&t->vi, f->dma, f->parts, id);
}

static bool fits_pio(const struct transmit_side *t, const struct frame *f)
{
    return t->pio_linked && !t->pio_busy && f->parts == 1 && f->bytes >= PIO_SHORTEST && f->bytes <= t->pio.pio_len;
}

/* EF10's aperture is one page with the header in it, and a frame of several buffers is as good as never the one that cannot wait. */
static bool fits_ctpio(const struct transmit_side *t, const struct frame *f)
{
    return t->ctpio && (f->parts == 1 || t->ctpio_only);
}

static int send_lone(struct transmit_side *t, const struct frame *f, ef_request_id id)
{
    if (fits_ctpio(t, f))
        return send_cut_through(t, f, id);
    if (fits_pio(t, f)) {
        int error = ef_vi_transmit_copy_pio(&t->vi, 0, f->host[0].iov_base, (int)f->bytes, id);
        t->pio_busy = error == 0;
        t->pio_id = (uint32_t)id;
        return error;
    }
    return ef_vi_transmitv(&t->vi, f->dma, f->parts, id);
}

/* EFCT has no descriptors that could wait for a doorbell: each frame is written to the FIFO, and leaves once it is there. */
static int send_one_of_many(struct transmit_side *t, const struct frame *f, ef_request_id id)
{
    return t->ctpio_only ? ef_vi_transmitv(&t->vi, f->dma, f->parts, id) : ef_vi_transmitv_init(&t->vi, f->dma, f->parts, id);
}

static void finish(struct transmit_side *t, uint32_t id)
{
    if (t->pio_busy && t->pio_id == id)
        t->pio_busy = false;
    for (uint32_t buffer = id; buffer != NO_BUFFER; buffer = t->next_part[buffer])
        t->done[t->done_count++] = buffer;
}

/* After an error the queue stands still: what it held is lost, and it is set up anew. */
static void recover(struct transmit_side *t, const ef_event *e)
{
    const unsigned cause = EF_EVENT_TX_ERROR_TYPE(*e);
    uint32_t id; /* as the library's macro compares it */
    t->counters[TX_ERRORS + (cause <= EF_EVENT_TX_ERROR_BUS ? cause : EF_EVENT_TX_ERROR_BUS)]++;
    ef_vi_for_each_tx_error_failed_transmit(&t->vi, id) {
        t->counters[TX_LOST]++;
        finish(t, id);
    }
    if (ef_vi_reinit_txq_post_error(&t->vi) < 0)
        t->dead = true;
}

static void complete(struct transmit_side *t, const ef_event *e)
{
    ef_request_id ids[EF_VI_TRANSMIT_BATCH];
    const int n = ef_vi_transmit_unbundle(&t->vi, e, ids);
    for (int i = 0; i < n; i++)
        finish(t, (uint32_t)ids[i]);
    if (EF_EVENT_TX_CTPIO(*e))
        t->counters[TX_CTPIO] += (uint64_t)n;
}

/* One frame's: the library has taken its descriptors from the ring already, so there is nothing to unbundle. */
static void complete_stamped(struct transmit_side *t, const ef_event *e)
{
    finish(t, EF_EVENT_TX_WITH_TIMESTAMP_RQ_ID(*e));
    t->counters[TX_STAMPED]++;
    if (EF_EVENT_TX_CTPIO(*e))
        t->counters[TX_CTPIO]++;
}

void transmit_reap(struct transmit_side *t)
{
    ef_event events[POLL_BATCH];
    int n;
    while (!t->dead && (n = ef_eventq_poll(&t->vi, events, POLL_BATCH)) > 0) {
        for (int i = 0; i < n && !t->dead; i++) {
            switch (EF_EVENT_TYPE(events[i])) {
            case EF_EVENT_TYPE_TX:
                complete(t, &events[i]);
                break;
            case EF_EVENT_TYPE_TX_WITH_TIMESTAMP:
                complete_stamped(t, &events[i]);
                break;
            case EF_EVENT_TYPE_TX_ERROR:
                recover(t, &events[i]);
                break;
            case EF_EVENT_TYPE_OFLOW:
            case EF_EVENT_TYPE_RESET: /* the receive side tells of it */
                t->dead = true;
                break;
            case EF_EVENT_TYPE_SW:
                t->counters[TX_SOFTWARE_EVENTS]++;
                break;
            default:
                t->counters[TX_UNKNOWN_EVENTS]++;
            }
        }
    }
}

static int send_frame(struct transmit_side *t, const struct frame *f, ef_request_id id, bool lone)
{
    return lone ? send_lone(t, f, id) : send_one_of_many(t, f, id);
}

/* EFCT refuses a frame that its FIFO has no room for, and the FIFO empties at the cable's speed: wait for that, but not for ever. A link
 * that is paused is waited for once. */
static int wait_for_room(struct transmit_side *t, const struct frame *f, ef_request_id id, bool lone)
{
    int error = -EAGAIN;
    t->counters[TX_FIFO_FULL]++;
    for (int i = 0; i < (t->stalled ? 1 : STALL_POLLS) && error == -EAGAIN && !t->dead; i++) {
        transmit_reap(t);
        error = send_frame(t, f, id, lone);
    }
    t->stalled = error == -EAGAIN;
    return error;
}

static void drop(struct transmit_side *t, uint32_t id)
{
    t->counters[TX_STALLED]++;
    finish(t, id);
}

int transmit_submit(struct transmit_side *t, int count)
{
    struct frame frame;
    int to_push = 0;
    t->done_count = 0;
    if (t->dead)
        return -ENETRESET;
    for (int i = 0; i < count; i += frame.parts) {
        const ef_request_id id = (ef_request_id)t->sends[i].buffer;
        if (gather(t, &t->sends[i], count - i, &frame) == 0)
            return -EMSGSIZE;
        const bool lone = frame.parts == count;
        int error = send_frame(t, &frame, id, lone);
        if (error == -EAGAIN)
            error = wait_for_room(t, &frame, id, lone);
        if (error)
            drop(t, (uint32_t)id);
        else
            to_push += !lone && !t->ctpio_only;
    }
    if (to_push != 0)
        ef_vi_transmit_push(&t->vi);
    transmit_reap(t);
    return 0;
}
