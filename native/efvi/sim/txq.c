/* The transmit ring. A doorbell sends at once; what has been sent is told by the next poll, up to 64 frames by one event. */
#include "sim.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { FIFO_HEADER = 8, FIFO_ALIGNMENT = 64 };

static struct tx_descriptor *slot(struct sim_txq *q, unsigned i)
{
    return &q->ring[i & q->mask];
}

static struct sim_vi *enter(ef_vi *vi, const char *call)
{
    struct sim_vi *v = sim_enter(vi, call);
    if (v->tx.mask == 0)
        sim_misuse(call, "this VI has no transmit ring");
    if (v->tx.error_told)
        sim_misuse(call, "the queue has told an error and was not initialised again");
    return v;
}

static void need_fallback_sent(const struct sim_vi *v, const char *call)
{
    if (v->tx.ctpio_open)
        sim_misuse(call, "the CTPIO send before has no fall-back yet");
}

int ef_vi_transmit_capacity(const ef_vi *vi)
{
    return (int)vi->sim->tx.mask;
}

int ef_vi_transmit_space(const ef_vi *vi)
{
    return (int)(vi->sim->tx.mask - (vi->sim->tx.added - vi->sim->tx.removed));
}

static unsigned fifo_bytes(size_t bytes)
{
    return (unsigned)((bytes + FIFO_HEADER + FIFO_ALIGNMENT - 1) & ~(size_t)(FIFO_ALIGNMENT - 1));
}

static size_t length_of(const ef_iovec *parts, int count)
{
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += parts[i].iov_len;
    return bytes;
}

/* One descriptor for each part; only the last one has the id. */
static int add(struct sim_vi *v, const ef_iovec *parts, int count, ef_request_id id, const char *call)
{
    struct sim_txq *q = &v->tx;
    if (count <= 0 || (unsigned)id == EF_REQUEST_ID_MASK)
        sim_misuse(call, "%d parts with the id %x", count, (unsigned)id);
    if (length_of(parts, count) > (size_t)v->pd->nic.mtu + 18)
        sim_misuse(call, "%zu bytes are more than the MTU of %d allows", length_of(parts, count), v->pd->nic.mtu);
    if (is_efct(&v->pd->nic) && length_of(parts, count) > EFCT_LONGEST)
        sim_misuse(call, "%zu bytes are more than this NIC sends", length_of(parts, count));
    if (q->mask - (q->added - q->removed) < (unsigned)count)
        return -EAGAIN;
    for (int i = 0; i < count; i++) {
        sim_resolve(v->pd, parts[i].iov_base, parts[i].iov_len, call);
        sim_give(v->pd, parts[i].iov_base, OWNER_TX, call);
        *slot(q, q->added++) = (struct tx_descriptor){
            .address = parts[i].iov_base, .bytes = parts[i].iov_len, .more = i + 1 < count,
            .id = i + 1 < count ? (ef_request_id)EF_REQUEST_ID_MASK : id,
        };
    }
    sim_ledger.taken++;
    return 0;
}

/* Whether the other end of the link holds back what is to leave. */
static bool is_paused(const struct sim_txq *q)
{
    return sim_faults()->paused_at != 0 && q->frames >= sim_faults()->paused_at;
}

void sim_frame_sent(struct sim_vi *v, uint8_t *frame, size_t bytes, bool checksums)
{
    struct sim_txq *q = &v->tx;
    const struct sim_faults *faults = sim_faults();
    if (!q->halted && (q->frames + 1 == faults->software_tx_at || sim_chance(300)))
        sim_event(v, &(ef_event){.sw = {.type = EF_EVENT_TYPE_SW, .data = 1}});
    if (!q->halted && (++q->frames == faults->tx_error_at || sim_chance(300))) {
        const unsigned cause = sim_is_random() ? sim_random_below(EF_EVENT_TX_ERROR_BUS + 1) : (unsigned)faults->tx_error_cause;
        q->halted = true;
        sim_event(v, &(ef_event){.tx = {.type = EF_EVENT_TYPE_TX_ERROR, .subtype = cause}});
    }
    if (!q->halted && sim_is_random())
        sim_check_sent(frame, bytes);
    else if (!q->halted && !is_paused(q))
        sim_wire_send(v->wire, frame, bytes, checksums);
}

/* Sends what is in the ring and was not pushed. After an error the queue takes frames and sends none. */
static void push(struct sim_vi *v, bool by_ctpio)
{
    struct sim_txq *q = &v->tx;
    size_t bytes = 0;
    for (; q->pushed != q->added; q->pushed++) {
        const struct tx_descriptor *d = slot(q, q->pushed);
        q->ctpio_told[q->pushed & q->mask] = by_ctpio;
        if (by_ctpio)
            continue;
        memcpy(v->frame + bytes, d->pio != NULL ? d->pio : sim_resolve(v->pd, d->address, d->bytes, __func__), d->bytes);
        bytes += d->bytes;
        if (!d->more) {
            sim_frame_sent(v, v->frame, bytes, !is_efct(&v->pd->nic));
            bytes = 0;
        }
    }
}

int ef_vi_transmitv_init(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    struct sim_vi *v = enter(vi, __func__);
    need_fallback_sent(v, __func__);
    if (is_efct(&v->pd->nic))
        MISUSE("this NIC has no descriptors that wait for a doorbell");
    const int error = add(v, parts, count, id, __func__);
    sim_leave(v);
    return error;
}

void ef_vi_transmit_push(ef_vi *vi)
{
    struct sim_vi *v = enter(vi, __func__);
    if (v->tx.pushed == v->tx.added)
        MISUSE("nothing was written to the ring since the push before");
    push(v, false);
    sim_leave(v);
}

/* Room in the FIFO, which EFCT's sends need whatever they are called. */
static bool reserve(struct sim_vi *v, size_t bytes)
{
    if (!is_efct(&v->pd->nic))
        return true;
    if (v->tx.stalled == 0 && sim_chance(20000))
        v->tx.stalled = (int)sim_random_below(50000); /* longer than anybody waits, at times */
    if (v->tx.stalled > 0)
        v->tx.stalled--;
    if (v->tx.fifo_bytes + fifo_bytes(bytes) > TX_FIFO_BYTES || v->tx.halted || v->tx.stalled > 0)
        return false;
    v->tx.fifo_bytes += fifo_bytes(bytes);
    return true;
}

static int transmit(struct sim_vi *v, const ef_iovec *parts, int count, ef_request_id id, const char *call)
{
    if (!reserve(v, length_of(parts, count)))
        return -EAGAIN;
    const int error = add(v, parts, count, id, call);
    if (error == 0)
        push(v, false);
    return error;
}

int ef_vi_transmitv(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    struct sim_vi *v = enter(vi, __func__);
    need_fallback_sent(v, __func__);
    const int error = transmit(v, parts, count, id, __func__);
    sim_leave(v);
    return error;
}

void ef_vi_transmitv_ctpio(ef_vi *vi, size_t bytes, const struct iovec *parts, int count, unsigned threshold)
{
    (void)threshold;
    struct sim_vi *v = enter(vi, __func__);
    size_t copied = 0;
    need_fallback_sent(v, __func__);
    if (!v->tx.ctpio_allowed)
        MISUSE("the VI was opened without CTPIO");
    if (bytes + CTPIO_HEADER > CTPIO_APERTURE)
        MISUSE("%zu bytes leave the aperture", bytes);
    for (int i = 0; i < count; i++) {
        memcpy(v->frame + copied, parts[i].iov_base, parts[i].iov_len);
        copied += parts[i].iov_len;
    }
    if (copied != bytes)
        MISUSE("%zu bytes announced, %zu given", bytes, copied);
    v->tx.ctpio_open = true;
    v->tx.ctpio_failed = !reserve(v, bytes) || (!is_efct(&v->pd->nic) && sim_chance(50)); /* another VI was on the FIFO */
    sim_ledger.fallbacks += v->tx.ctpio_failed;
    /* The ring must have room for the fall-back, or the frame would leave and nobody be told. */
    v->tx.ctpio_sent = !v->tx.ctpio_failed && v->tx.added - v->tx.removed + (unsigned)count <= v->tx.mask;
    if (v->tx.ctpio_sent)
        sim_frame_sent(v, v->frame, bytes, false);
    sim_leave(v);
}

int ef_vi_transmitv_ctpio_fallback(ef_vi *vi, const ef_iovec *parts, int count, ef_request_id id)
{
    struct sim_vi *v = enter(vi, __func__);
    if (!v->tx.ctpio_open)
        MISUSE("no CTPIO send came before");
    v->tx.ctpio_open = false;
    int error;
    if (v->tx.ctpio_failed) {
        error = transmit(v, parts, count, id, __func__);
    } else {
        error = add(v, parts, count, id, __func__);
        if (error == 0)
            push(v, v->tx.ctpio_sent);
    }
    sim_leave(v);
    return error;
}

int ef_vi_transmit_copy_pio(ef_vi *vi, int offset, const void *frame, int bytes, ef_request_id id)
{
    struct sim_vi *v = enter(vi, __func__);
    struct sim_txq *q = &v->tx;
    if (q->pio_in_use)
        MISUSE("the PIO region holds a frame that was not told of yet");
    if (offset != 0 || bytes < 16 || bytes > PIO_BYTES)
        MISUSE("%d bytes at %d of the PIO region", bytes, offset);
    const bool full = q->added - q->removed == q->mask;
    if (!full) {
        memcpy(q->pio, frame, (size_t)bytes);
        q->pio_in_use = true;
        sim_ledger.taken++;
        *slot(q, q->added++) = (struct tx_descriptor){.pio = q->pio, .bytes = (unsigned)bytes, .id = id};
        push(v, false);
    }
    sim_leave(v);
    return full ? -EAGAIN : 0;
}

/* A frame with the time at which it left. */
static void tell_stamped(struct sim_vi *v)
{
    struct sim_txq *q = &v->tx;
    const bool ctpio = q->ctpio_told[q->told & q->mask] || is_efct(&v->pd->nic);
    struct timespec now;
    while (slot(q, q->told)->more)
        q->told++;
    clock_gettime(CLOCK_REALTIME, &now);
    sim_event(v, &(ef_event){.tx_timestamp = {
        .type = EF_EVENT_TYPE_TX_WITH_TIMESTAMP, .rq_id = (unsigned)slot(q, q->told)->id, .flags = ctpio ? EF_EVENT_FLAG_CTPIO : 0,
        .ts_sec = (unsigned)now.tv_sec, .ts_nsec = (unsigned)now.tv_nsec,
        .ts_flags = EF_VI_SYNC_FLAG_CLOCK_SET | EF_VI_SYNC_FLAG_CLOCK_IN_SYNC,
    }});
    q->told++;
    q->fifo_bytes = 0;
}

/* Tells what has been sent: frames of one kind, 64 at most, by one event. Nothing is told behind an error. */
void sim_tx_tell(struct sim_vi *v)
{
    struct sim_txq *q = &v->tx;
    if (sim_chance(4)) /* it is still at it */
        return;
    while (q->stamps && !q->halted && !is_paused(q) && q->told != q->pushed)
        tell_stamped(v);
    while (!q->halted && !is_paused(q) && q->told != q->pushed) {
        const uint8_t ctpio = q->ctpio_told[q->told & q->mask];
        int frames = 0;
        while (q->told != q->pushed && frames < EF_VI_TRANSMIT_BATCH && q->ctpio_told[q->told & q->mask] == ctpio)
            frames += !slot(q, q->told++)->more;
        sim_event(v, &(ef_event){.tx = {
            .type = EF_EVENT_TYPE_TX, .desc_id = q->told,
            .flags = ctpio || is_efct(&v->pd->nic) ? EF_EVENT_FLAG_CTPIO : 0,
        }});
        q->fifo_bytes = 0;
    }
}

unsigned sim_frames_in_ring(const struct sim_vi *v)
{
    unsigned frames = 0;
    for (unsigned i = v->tx.removed; i != v->tx.added; i++)
        frames += !v->tx.ring[i & v->tx.mask].more;
    return frames;
}

static ef_request_id remove_one(struct sim_vi *v)
{
    struct sim_txq *q = &v->tx;
    struct tx_descriptor *d = slot(q, q->removed++);
    if (d->pio != NULL)
        q->pio_in_use = false;
    else
        sim_take(v->pd, d->address);
    d->address = 0;
    return d->id;
}

/* The library takes a stamped frame's descriptors back itself. */
void sim_tx_told(struct sim_vi *v, const ef_event *e)
{
    ef_request_id id = remove_one(v);
    while ((unsigned)id == EF_REQUEST_ID_MASK)
        id = remove_one(v);
    if ((unsigned)id != e->tx_timestamp.rq_id)
        MISUSE("frame %x is told as sent before %x", e->tx_timestamp.rq_id, (unsigned)id);
    sim_ledger.completed++;
}

int ef_vi_transmit_unbundle(ef_vi *vi, const ef_event *e, ef_request_id *ids)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    int n = 0;
    if (e->generic.type != EF_EVENT_TYPE_TX)
        MISUSE("an event of type %u", e->generic.type);
    v->events.to_unbundle--;
    while (v->tx.removed != e->tx.desc_id) {
        const ef_request_id id = remove_one(v);
        if ((unsigned)id != EF_REQUEST_ID_MASK)
            ids[n++] = id;
    }
    sim_ledger.completed += (unsigned)n;
    sim_leave(v);
    return n;
}

int sim_next_failed_transmit(ef_vi *vi, uint32_t *id)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    bool found = false;
    if (!v->tx.error_told)
        MISUSE("the queue has told no error");
    while (!found && v->tx.removed != v->tx.added) {
        *id = (uint32_t)remove_one(v);
        found = *id != EF_REQUEST_ID_MASK;
    }
    sim_ledger.failed += found;
    sim_leave(v);
    return found;
}

int ef_vi_reinit_txq_post_error(ef_vi *vi)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    struct sim_txq *q = &v->tx;
    if (!q->error_told)
        MISUSE("the queue has told no error");
    while (q->removed != q->added)
        remove_one(v);
    q->pushed = q->told = q->added;
    q->halted = q->error_told = q->ctpio_open = false;
    q->fifo_bytes = 0;
    sim_leave(v);
    return 0;
}

int ef_pio_alloc(ef_pio *pio, ef_driver_handle handle, ef_pd *pd, unsigned length_hint, ef_driver_handle pd_handle)
{
    (void)handle; (void)length_hint; (void)pd_handle;
    if (pd->sim->nic.generation != EF10_7000)
        return -EOPNOTSUPP;
    *pio = (ef_pio){.pio_len = PIO_BYTES};
    return 0;
}

int ef_pio_link_vi(ef_pio *pio, ef_driver_handle handle, ef_vi *vi, ef_driver_handle vi_handle)
{
    (void)handle; (void)vi_handle;
    pio->linked = vi->sim;
    return 0;
}

int ef_pio_unlink_vi(ef_pio *pio, ef_driver_handle handle, ef_vi *vi, ef_driver_handle vi_handle)
{
    (void)handle; (void)vi_handle;
    if (pio->linked != vi->sim)
        MISUSE("the PIO region is not linked to this VI");
    pio->linked = NULL;
    return 0;
}

int ef_pio_free(ef_pio *pio, ef_driver_handle handle)
{
    (void)handle;
    if (pio->linked != NULL)
        MISUSE("the PIO region is still linked");
    return 0;
}

int ef_vi_get_pio_size(ef_vi *vi)
{
    (void)vi;
    return PIO_BYTES;
}
