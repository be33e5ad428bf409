/*
 * The receive side. Opening it, and one call for each burst: buffers that come back are posted and the doorbell rung, events are polled,
 * unbundled and written where Java reads them. One thread at a time.
 */
#include "efvi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int allocate(struct receive_side *r, int given_back, uint32_t first, uint32_t buffers)
{
    r->given_back = calloc((size_t)given_back, sizeof r->given_back[0]);
    r->free = calloc(buffers, sizeof r->free[0]);
    r->windows = calloc(WINDOWS, sizeof r->windows[0]);
    r->counters = calloc(RECEIVE_COUNTERS, sizeof r->counters[0]);
    if (r->given_back == NULL || r->free == NULL || r->windows == NULL || r->counters == NULL)
        return -ENOMEM;
    for (uint32_t i = r->lends ? 0 : buffers; i != 0; i--)
        r->free[r->free_count++] = first + i - 1;
    return 0;
}

static int allocate_vi(struct receive_side *r, struct efvi *e, int number, int ring, unsigned flags)
{
    return e->set_open
        ? ef_vi_alloc_from_set(&r->vi, r->driver, &e->set, e->set_driver, number, -1, ring, 0, NULL, -1, (enum ef_vi_flags)flags)
        : ef_vi_alloc_from_pd(&r->vi, r->driver, &e->domain, e->driver, -1, ring, 0, NULL, -1, (enum ef_vi_flags)flags);
}

int receive_open(struct receive_side *r, struct efvi *e, int number, const struct open_request *q)
{
    r->memory = &e->memory;
    r->refill = q->refill;
    r->lends = efvi_capability(e, EF_VI_CAP_RX_REF) != 0;
    const bool can_stamp = efvi_capability(e, EF_VI_CAP_HW_RX_TIMESTAMPING) != 0;
    const bool can_merge = efvi_capability(e, EF_VI_CAP_RX_MERGE) != 0;
    const bool must_merge = efvi_capability(e, EF_VI_CAP_RX_FORCE_EVENT_MERGING) != 0;
    r->stamps = can_stamp && q->flags & OPEN_TIMESTAMPS;
    unsigned flags = EF_VI_FLAGS_DEFAULT;
    if (r->stamps)
        flags |= EF_VI_RX_TIMESTAMPS;
    r->merges = !r->lends && (must_merge || (can_merge && q->flags & OPEN_MERGE));
    if (r->merges)
        flags |= EF_VI_RX_EVENT_MERGE;
    int error = allocate_vi(r, e, number, q->receive_ring, flags);
    if (error < 0)
        return error;
    r->open = true;
    r->prefix = ef_vi_receive_prefix_len(&r->vi);
    r->buffer_bytes = r->lends ? BUFFER_BYTES : ef_vi_receive_buffer_len(&r->vi);
    if (r->buffer_bytes > BUFFER_BYTES || r->prefix >= r->buffer_bytes)
        return -EMSGSIZE;
    /* What is wrong comes as a discard where the NIC discards on it, so what comes otherwise is right. */
    const uint64_t both = EF_VI_DISCARD_RX_L3_CSUM_ERR | EF_VI_DISCARD_RX_L4_CSUM_ERR;
    r->checksum = (ef_vi_receive_get_discards(&r->vi) & both) == both ? CHECKSUM_VERIFIED : CHECKSUM_UNKNOWN;
    return allocate(r, q->given_back_capacity, (uint32_t)number * e->receive_buffers, e->receive_buffers);
}

void receive_close(struct receive_side *r)
{
    if (r->open) {
        ef_vi_free(&r->vi, r->driver);
        ef_driver_close(r->driver);
    }
    free(r->given_back);
    free(r->free);
    free(r->windows);
    free(r->counters);
    memset(r, 0, sizeof *r);
}

/*
 * Posts buffers that come back, and free ones: whole batches only, so that the library never holds a descriptor back from a ring that
 * starves. What comes back is read one by one where it lies: a wide read of what was just written piecemeal would wait until that is done.
 */
static int post(struct receive_side *r, const uint32_t *back, int count)
{
    const ef_addr *const dma = r->memory->dma;
    const int space = ef_vi_receive_space(&r->vi), all = count + r->free_count;
    int error = 0, n = (space < all ? space : all) & ~(POST_BATCH - 1), posted = 0;
    const int from_back = n < count ? n : count;
    for (int i = 0; i < from_back && error == 0; i++, posted += error == 0)
        error = ef_vi_receive_init(&r->vi, dma[back[i]], (ef_request_id)back[i]);
    for (int i = posted; i < count; i++)
        r->free[r->free_count++] = back[i];
    for (n -= from_back; n > 0 && error == 0; n--, posted += error == 0) {
        const uint32_t buffer = r->free[r->free_count - 1];
        error = ef_vi_receive_init(&r->vi, dma[buffer], (ef_request_id)buffer);
        r->free_count -= error == 0;
    }
    if (posted != 0)
        ef_vi_receive_push(&r->vi);
    return error;
}

int receive_post(struct receive_side *r)
{
    return post(r, NULL, 0);
}

/* Every doorbell is a write to the NIC: many descriptors may share one, but never so late that the ring starves. */
static bool is_worth_posting(const struct receive_side *r, int count)
{
    const int all = count + r->free_count;
    if (r->refill == POST_BATCH || all < POST_BATCH)
        return all >= POST_BATCH;
    const int space = ef_vi_receive_space(&r->vi);
    return (space < all ? space : all) >= r->refill || ef_vi_receive_fill_level(&r->vi) < r->refill;
}

/* Of none as well: spare buffers take the place of those that are kept. */
static void take_back(struct receive_side *r, int n)
{
    if (r->lends) {
        for (int i = 0; i < n; i++)
            efct_vi_rxpkt_release(&r->vi, r->given_back[i]);
    } else if (is_worth_posting(r, n)) {
        post(r, r->given_back, n);
    } else {
        for (int i = 0; i < n; i++)
            r->free[r->free_count++] = r->given_back[i];
    }
}

/* The API wants it asked before the next poll, of a frame's first buffer. */
static void stamp(struct receive_side *r, struct event_record *out, const void *packet)
{
    ef_precisetime t;
    if (r->stamps && ef_vi_receive_get_precise_timestamp(&r->vi, packet, &t) == 0) {
        out->timestamp = t.tv_sec * 1000000000 + t.tv_nsec;
        out->clock = (uint8_t)(CLOCK_PRESENT | t.tv_flags);
    }
}

static void put(struct event_record *out, uint8_t type, int32_t detail)
{
    *out = (struct event_record){.type = type, .detail = detail};
}

/*
 * Writes a record word by word, which is what a poll's time goes into: a structure that is put together elsewhere and copied costs four
 * times as much, for the processor waits until the narrow writes are done. Little-endian, as the NIC is and the hosts that it fits.
 */
static inline void put_record(struct event_record *out, uint32_t head, uint32_t bytes, uint64_t address, uint32_t token, int32_t region)
{
    uint64_t *const words = (uint64_t *)out;
    words[0] = head | (uint64_t)bytes << 32;
    words[1] = address;
    words[2] = token;
    words[3] = words[4] = 0;
    words[5] = (uint32_t)region;
}

#define HEAD(type, flags, checksum) ((uint32_t)(type) | (uint32_t)(flags) << 8 | (uint32_t)(checksum) << 16)

/* A part of a frame in a buffer of ours. */
static void put_buffer(struct receive_side *r, struct event_record *out, uint8_t type, int32_t detail, uint32_t buffer, unsigned bytes,
                       bool sop, bool cont)
{
    char *const at = r->memory->base + (size_t)buffer * BUFFER_BYTES;
    put_record(out, HEAD(type, (sop ? RECORD_SOP : 0) | (cont ? RECORD_CONT : 0), r->checksum), bytes,
               (uintptr_t)at + (unsigned)(sop ? r->prefix : 0), buffer, 0);
    out->detail = detail;
    if (sop && type == RECORD_RX)
        stamp(r, out, at);
}

/*
 * Frames that came whole, one buffer each: nearly all there are. This loop reads an event before it writes the record, so that neither
 * waits for the other, and stops at the first event of another kind. The event's length includes the prefix.
 */
static int put_whole(struct receive_side *r, struct event_record *out, int limit)
{
    const ef_event *e = &r->events[r->event];
    const int left = r->event_count - r->event, most = left < limit ? left : limit;
    const unsigned prefix = (unsigned)r->prefix;
    const uint64_t base = (uintptr_t)r->memory->base + prefix;
    const uint32_t head = HEAD(RECORD_RX, RECORD_SOP, r->checksum);
    int n = 0;
    for (; n < most; n++, e++) {
        const uint32_t buffer = (uint32_t)EF_EVENT_RX_RQ_ID(*e), bytes = (uint32_t)EF_EVENT_RX_BYTES(*e);
        if (EF_EVENT_TYPE(*e) != EF_EVENT_TYPE_RX || !EF_EVENT_RX_SOP(*e) || EF_EVENT_RX_CONT(*e))
            break;
        put_record(&out[n], head, bytes - prefix, base + (uint64_t)buffer * BUFFER_BYTES, buffer, 0);
    }
    r->event += n;
    return n;
}

/* The event's length is that of the frame up to here, prefix included. */
static void put_single(struct receive_side *r, struct event_record *out, const ef_event *e, uint8_t type, int32_t detail)
{
    const bool sop = EF_EVENT_RX_SOP(*e) != 0, cont = EF_EVENT_RX_CONT(*e) != 0;
    const unsigned so_far = EF_EVENT_RX_BYTES(*e), before = sop ? (unsigned)r->prefix : r->frame_bytes;
    /* A frame that the MAC gave up may be shorter than its prefix. */
    put_buffer(r, out, type, detail, (uint32_t)EF_EVENT_RX_RQ_ID(*e), so_far > before ? so_far - before : 0, sop, cont);
    r->frame_bytes = so_far;
}

/* One buffer of a merged event. Its length is in the prefix of the frame's first buffer; all but the last one are full. */
static void put_merged(struct receive_side *r, struct event_record *out, const ef_event *e)
{
    const bool discard = EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_MULTI_DISCARD;
    const uint32_t buffer = (uint32_t)r->ids[r->id++];
    const bool sop = r->frame_left == 0;
    unsigned room = (unsigned)r->buffer_bytes;
    if (sop) {
        uint16_t bytes = 0;
        room -= (unsigned)r->prefix;
        if (ef_vi_receive_get_bytes(&r->vi, r->memory->base + (size_t)buffer * BUFFER_BYTES, &bytes) != 0)
            bytes = 0;
        r->frame_left = bytes;
    }
    const unsigned bytes = r->frame_left < room ? r->frame_left : room;
    r->frame_left -= bytes;
    put_buffer(r, out, discard ? RECORD_RX_DISCARD : RECORD_RX, discard ? (int32_t)EF_EVENT_RX_MULTI_DISCARD_TYPE(*e) : 0, buffer, bytes,
               sop, r->frame_left != 0);
}

/* Frames of a merged event that fit into a buffer each: see put_whole(). */
static int put_merged_whole(struct receive_side *r, struct event_record *out, int limit)
{
    const uint32_t *const ids = (const uint32_t *)&r->ids[r->id];
    const int left = r->id_count - r->id, most = left < limit ? left : limit;
    const unsigned prefix = (unsigned)r->prefix, room = (unsigned)r->buffer_bytes - prefix;
    const uint32_t head = HEAD(RECORD_RX, RECORD_SOP, r->checksum);
    const char *const base = r->memory->base;
    int n = 0;
    for (; n < most; n++) {
        const char *const at = base + (size_t)ids[n] * BUFFER_BYTES;
        uint16_t bytes = 0;
        if (ef_vi_receive_get_bytes(&r->vi, at, &bytes) != 0 || bytes > room)
            break;
        put_record(&out[n], head, bytes, (uintptr_t)at + prefix, ids[n], 0);
    }
    r->id += n;
    return n;
}

/* The number of the window that a lent packet lies in, which is made when it is the first there, or -1. */
static int window_of(struct receive_side *r, uint64_t at, unsigned bytes)
{
    const uint64_t window = at & ~(WINDOW_BYTES - 1);
    if (((at + bytes - 1) & ~(WINDOW_BYTES - 1)) != window)
        return -1;
    if (r->window_count != 0 && r->windows[r->last_window] == window)
        return r->last_window;
    int i = 0;
    while (i < r->window_count && r->windows[i] != window)
        i++;
    if (i == WINDOWS)
        return -1;
    if (i == r->window_count)
        r->windows[r->window_count++] = window;
    return r->last_window = i;
}

/* A packet in the library's memory, lent until it is released: region 0 is ours, 1 and up are the windows. */
static int put_lent(struct receive_side *r, struct event_record *out, uint32_t packet, unsigned bytes, uint8_t type, int32_t detail)
{
    const void *at = efct_vi_rxpkt_get(&r->vi, packet);
    const int window = window_of(r, (uintptr_t)at, bytes == 0 ? 1 : bytes);
    if (window < 0) {
        r->counters[RX_UNREACHABLE]++;
        efct_vi_rxpkt_release(&r->vi, packet);
        return 0;
    }
    put_record(out, HEAD(type, RECORD_SOP, r->checksum), bytes, (uintptr_t)at, packet, 1 + window);
    out->detail = detail;
    if (type == RECORD_RX)
        stamp(r, out, at);
    return 1;
}

/* Good packets, one after the other: see put_whole(). */
static int put_lent_ones(struct receive_side *r, struct event_record *out, int limit)
{
    const ef_event *e = &r->events[r->event];
    const int left = r->event_count - r->event, most = left < limit ? left : limit;
    const uint32_t head = HEAD(RECORD_RX, RECORD_SOP, r->checksum);
    const uint64_t window = r->windows[r->last_window];
    const int32_t region = 1 + r->last_window;
    int n = 0;
    for (; n < most && EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_REF; n++, e++) {
        const uint32_t packet = e->rx_ref.pkt_id, bytes = e->rx_ref.len;
        const uint64_t at = (uintptr_t)efct_vi_rxpkt_get(&r->vi, packet);
        if (at - window > WINDOW_BYTES - bytes)
            break;
        put_record(&out[n], head, bytes, at, packet, region);
    }
    r->event += n;
    return n;
}

static int32_t discarded(struct receive_side *r, unsigned cause)
{
    r->counters[RX_DISCARDS + (cause < EF_EVENT_RX_DISCARD_MAX ? cause : EF_EVENT_RX_DISCARD_OTHER)]++;
    return (int32_t)cause;
}

static int put_end(struct receive_side *r, struct event_record *out, uint8_t type)
{
    r->dead = true;
    put(out, type, 0);
    return 1;
}

/* Writes at most one record: how many. */
static int expand(struct receive_side *r, struct event_record *out, const ef_event *e)
{
    switch (EF_EVENT_TYPE(*e)) {
    case EF_EVENT_TYPE_RX:
        put_single(r, out, e, RECORD_RX, 0);
        return 1;
    case EF_EVENT_TYPE_RX_DISCARD:
        put_single(r, out, e, RECORD_RX_DISCARD, discarded(r, EF_EVENT_RX_DISCARD_TYPE(*e)));
        return 1;
    case EF_EVENT_TYPE_RX_REF:
        return put_lent(r, out, e->rx_ref.pkt_id, e->rx_ref.len, RECORD_RX, 0);
    case EF_EVENT_TYPE_RX_REF_DISCARD:
        return put_lent(r, out, e->rx_ref_discard.pkt_id, e->rx_ref_discard.len, RECORD_RX_DISCARD,
                        discarded(r, ef_vi_get_rx_discard_subtype_from_flags(e->rx_ref_discard.flags)));
    case EF_EVENT_TYPE_RX_NO_DESC_TRUNC: /* the rest of a frame whose first parts have been told */
        r->counters[RX_NO_DESC_TRUNC]++;
        r->frame_left = 0;
        put(out, RECORD_RX_DISCARD, EF_EVENT_RX_DISCARD_TRUNC);
        return 1;
    case EF_EVENT_TYPE_OFLOW:
        return put_end(r, out, RECORD_OVERFLOW);
    case EF_EVENT_TYPE_RESET:
        return put_end(r, out, RECORD_RESET);
    case EF_EVENT_TYPE_SW: /* the poll that finds it is all that it was for */
        r->counters[RX_SOFTWARE_EVENTS]++;
        return 0;
    default:
        r->counters[RX_UNKNOWN_EVENTS]++;
        return 0;
    }
}

static bool is_merged(const ef_event *e)
{
    return EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_MULTI || EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_MULTI_DISCARD;
}

/* Writes what is left of the events that were taken from the queue. */
static int drain(struct receive_side *r, struct event_record *out, int limit)
{
    int n = 0;
    while (n < limit) {
        if (r->id < r->id_count) {
            put_merged(r, &out[n++], &r->events[r->event - 1]);
            continue;
        }
        if (r->event == r->event_count || r->dead)
            return n;
        const ef_event *e = &r->events[r->event++];
        if (is_merged(e)) {
            r->id = 0;
            r->id_count = ef_vi_receive_unbundle(&r->vi, e, r->ids);
            if (EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_MULTI_DISCARD)
                discarded(r, EF_EVENT_RX_MULTI_DISCARD_TYPE(*e));
            else if (!r->stamps && r->frame_left == 0)
                n += put_merged_whole(r, &out[n], limit - n);
        } else {
            n += expand(r, &out[n], e);
        }
    }
    return n;
}

/* How many there were. */
static inline int poll_events(struct receive_side *r)
{
    const int events = ef_eventq_poll(&r->vi, r->events, POLL_BATCH);
    r->event = 0;
    return r->event_count = events > 0 ? events : 0;
}

static bool has_left(const struct receive_side *r)
{
    return r->id < r->id_count || r->event < r->event_count;
}

/* The frames that need nothing but a record, up to the first event of another kind. */
static inline int put_plain(struct receive_side *r, struct event_record *out, int limit)
{
    if (r->stamps)
        return 0;
    return r->lends ? put_lent_ones(r, out, limit) : put_whole(r, out, limit);
}

/* What was left of earlier events, and more of them until there is no room or the queue is empty. */
__attribute__((noinline))
static int poll_on(struct receive_side *r, struct event_record *records, int n, int limit, int events)
{
    if (has_left(r))
        n += drain(r, records + n, limit - n);
    /* A poll that finds less than there is room for has emptied the queue. */
    while (events == POLL_BATCH && n < limit && !r->dead) {
        events = poll_events(r);
        n += put_plain(r, records + n, limit - n);
        if (has_left(r))
            n += drain(r, records + n, limit - n);
    }
    return n;
}

/* What nearly all polls find, a few frames that came whole, takes the shortest way: without the registers that the rest needs. */
int receive_poll(struct receive_side *r, struct event_record *records, int limit, int given_back)
{
    take_back(r, given_back);
    if (r->dead || has_left(r))
        return poll_on(r, records, 0, limit, POLL_BATCH);
    const int events = poll_events(r), n = put_plain(r, records, limit);
    return r->event == events && events != POLL_BATCH ? n : poll_on(r, records, n, limit, events);
}

int receive_prime(struct receive_side *r, int given_back)
{
    take_back(r, given_back);
    if (r->dead || has_left(r) || ef_eventq_has_event(&r->vi))
        return 1;
    int error = ef_vi_prime(&r->vi, r->driver, ef_eventq_current(&r->vi));
    if (error < 0)
        return error;
    return ef_eventq_has_event(&r->vi) != 0;
}
