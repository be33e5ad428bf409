/* EF10's receive ring: descriptors posted in multiples of eight, a prefix before each frame, long frames over several buffers. */
#include "sim.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { POISON = 0xa5, PREFIX_STAMP_AT = 10 };

static struct rx_descriptor *slot(struct sim_rxq *q, unsigned i)
{
    return &q->ring[i & q->mask];
}

static void need_descriptors(const struct sim_vi *v, const char *call)
{
    if (is_efct(&v->pd->nic) || v->rx.mask == 0)
        sim_misuse(call, "this VI has no receive ring");
}

int ef_vi_receive_prefix_len(const ef_vi *vi)
{
    return is_efct(&vi->sim->pd->nic) ? 0 : RX_PREFIX;
}

int ef_vi_receive_buffer_len(const ef_vi *vi)
{
    (void)vi;
    return RX_BUFFER_BYTES;
}

int ef_vi_receive_capacity(const ef_vi *vi)
{
    return (int)vi->sim->rx.mask;
}

int ef_vi_receive_fill_level(const ef_vi *vi)
{
    return (int)(vi->sim->rx.added - vi->sim->rx.removed);
}

int ef_vi_receive_space(const ef_vi *vi)
{
    return ef_vi_receive_capacity(vi) - ef_vi_receive_fill_level(vi);
}

int ef_vi_receive_init(ef_vi *vi, ef_addr address, ef_request_id id)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    struct sim_rxq *q = &v->rx;
    need_descriptors(v, __func__);
    if ((unsigned)id == EF_REQUEST_ID_MASK)
        MISUSE("the id %x is reserved", (unsigned)id);
    const bool full = q->added - q->removed == q->mask;
    if (!full) {
        /* Whoever reads a posted buffer sees garbage, not luck. */
        memset(sim_resolve(v->pd, address, RX_BUFFER_BYTES, __func__), POISON, RX_BUFFER_BYTES);
        sim_give(v->pd, address, OWNER_RX, __func__);
        *slot(q, q->added++) = (struct rx_descriptor){.address = address, .id = id};
        sim_ledger.held++;
    }
    sim_leave(v);
    return full ? -EAGAIN : 0;
}

void ef_vi_receive_push(ef_vi *vi)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    need_descriptors(v, __func__);
    v->rx.posted = v->rx.added & ~7u;
    sim_leave(v);
}

static void put_prefix(struct sim_rxq *q, uint8_t *at, size_t bytes)
{
    memset(at, 0, RX_PREFIX);
    at[PREFIX_LENGTH_AT] = (uint8_t)bytes;
    at[PREFIX_LENGTH_AT + 1] = (uint8_t)(bytes >> 8);
    if (q->stamps) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        memcpy(at + PREFIX_STAMP_AT, &(uint32_t){(uint32_t)now.tv_nsec}, 4);
    }
}

static unsigned subtype(int discard)
{
    return discard & DISCARD_BY_SUBTYPE ? (unsigned)discard & ~(unsigned)DISCARD_BY_SUBTYPE
        : ef_vi_get_rx_discard_subtype_from_flags((unsigned)discard);
}

unsigned ef_vi_get_rx_discard_subtype_from_flags(unsigned flags)
{
    return flags & EF_VI_DISCARD_RX_ETH_FCS_ERR ? EF_EVENT_RX_DISCARD_CRC_BAD
        : flags & EF_VI_DISCARD_RX_ETH_LEN_ERR ? EF_EVENT_RX_DISCARD_TRUNC
        : flags & (EF_VI_DISCARD_RX_L4_CSUM_ERR | EF_VI_DISCARD_RX_L3_CSUM_ERR) ? EF_EVENT_RX_DISCARD_CSUM_BAD
        : flags & (EF_VI_DISCARD_RX_INNER_L4_CSUM_ERR | EF_VI_DISCARD_RX_INNER_L3_CSUM_ERR) ? EF_EVENT_RX_DISCARD_INNER_CSUM_BAD
        : EF_EVENT_RX_DISCARD_OTHER;
}

/* An event for one buffer; its length is the frame's so far, the prefix included. */
static void tell_one(struct sim_vi *v, const struct rx_descriptor *d, unsigned so_far, bool sop, bool cont, int discard)
{
    const unsigned flags = (sop ? EF_EVENT_FLAG_SOP : 0u) | (cont ? EF_EVENT_FLAG_CONT : 0u);
    sim_event(v, &(ef_event){.rx = {
        .type = discard && !cont ? EF_EVENT_TYPE_RX_DISCARD : EF_EVENT_TYPE_RX, .rq_id = (unsigned)d->id, .len = so_far, .flags = flags,
        .subtype = discard ? subtype(discard) : 0,
    }});
}

static void tell_merged(struct sim_vi *v, int discard)
{
    struct sim_rxq *q = &v->rx;
    sim_event(v, &(ef_event){.rx_multi = {
        .type = discard ? EF_EVENT_TYPE_RX_MULTI_DISCARD : EF_EVENT_TYPE_RX_MULTI, .n_descs = q->merged,
        .flags = q->merged_flags | EF_EVENT_FLAG_SOP, .subtype = discard ? subtype(discard) : 0, .sim_frames = q->merged_frames,
    }});
    q->merged = q->merged_frames = 0;
}

void sim_rx_flush_merged(struct sim_vi *v)
{
    if (v->rx.merged != 0)
        tell_merged(v, 0);
}

void sim_rx_deliver(struct sim_vi *v, const uint8_t *frame, size_t bytes, int discard)
{
    struct sim_rxq *q = &v->rx;
    const size_t buffers = (RX_PREFIX + bytes + RX_BUFFER_BYTES - 1) / RX_BUFFER_BYTES;
    const size_t there = q->posted - q->filled;
    size_t done = 0;
    if (there == 0) {
        q->no_descriptors++;
        sim_ledger.no_descriptors++;
        return;
    }
    if (q->merge && (discard || q->merged + buffers > EF_VI_RECEIVE_BATCH))
        sim_rx_flush_merged(v);
    for (size_t i = 0; i < buffers && i < there; i++) {
        struct rx_descriptor *d = slot(q, q->filled++);
        uint8_t *at = sim_resolve(v->pd, d->address, RX_BUFFER_BYTES, __func__);
        const size_t room = RX_BUFFER_BYTES - (i == 0 ? RX_PREFIX : 0), n = bytes - done < room ? bytes - done : room;
        if (i == 0)
            put_prefix(q, at, bytes);
        memcpy(at + (i == 0 ? RX_PREFIX : 0), frame + done, n);
        done += n;
        if (q->merge)
            q->merged++;
        else
            tell_one(v, d, (unsigned)(RX_PREFIX + done), i == 0, i + 1 < buffers, discard);
    }
    q->merged_frames += q->merge && there >= buffers;
    if (there < buffers) {
        q->truncated++;
        sim_rx_flush_merged(v);
        sim_event(v, &(ef_event){.generic.type = EF_EVENT_TYPE_RX_NO_DESC_TRUNC});
    } else if (q->merge && discard) {
        tell_merged(v, discard);
    }
}

static ef_request_id remove_one(struct sim_vi *v)
{
    const struct rx_descriptor *d = slot(&v->rx, v->rx.removed++);
    sim_take(v->pd, d->address);
    sim_ledger.held--;
    return d->id;
}

void sim_rx_told(struct sim_vi *v, const ef_event *e)
{
    if (e->generic.type == EF_EVENT_TYPE_RX || e->generic.type == EF_EVENT_TYPE_RX_DISCARD)
        remove_one(v);
}

int ef_vi_receive_unbundle(ef_vi *vi, const ef_event *e, ef_request_id *ids)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    if (e->generic.type != EF_EVENT_TYPE_RX_MULTI && e->generic.type != EF_EVENT_TYPE_RX_MULTI_DISCARD)
        MISUSE("an event of type %u", e->generic.type);
    v->events.to_unbundle--;
    const int n = (int)e->rx_multi.n_descs;
    for (int i = 0; i < n; i++)
        ids[i] = remove_one(v);
    sim_leave(v);
    return n;
}

int ef_vi_receive_get_bytes(ef_vi *vi, const void *packet, uint16_t *bytes)
{
    const uint8_t *prefix = packet;
    if (is_efct(&vi->sim->pd->nic))
        MISUSE("lent packets have no prefix");
    *bytes = (uint16_t)(prefix[PREFIX_LENGTH_AT] | prefix[PREFIX_LENGTH_AT + 1] << 8);
    return 0;
}

int ef_vi_receive_get_precise_timestamp(ef_vi *vi, const void *packet, ef_precisetime *out)
{
    struct timespec now;
    uint32_t nanos;
    if (!vi->sim->rx.stamps)
        MISUSE("the VI was opened without timestamps");
    clock_gettime(CLOCK_REALTIME, &now);
    nanos = (uint32_t)now.tv_nsec;
    if (!is_efct(&vi->sim->pd->nic))
        memcpy(&nanos, (const uint8_t *)packet + PREFIX_STAMP_AT, sizeof nanos);
    *out = (ef_precisetime){.tv_sec = now.tv_sec - (nanos > (uint32_t)now.tv_nsec), .tv_nsec = nanos,
                            .tv_flags = EF_VI_SYNC_FLAG_CLOCK_SET | EF_VI_SYNC_FLAG_CLOCK_IN_SYNC};
    return 0;
}

uint64_t ef_vi_receive_get_discards(ef_vi *vi)
{
    (void)vi;
    return EF_VI_DISCARD_RX_L4_CSUM_ERR | EF_VI_DISCARD_RX_L3_CSUM_ERR | EF_VI_DISCARD_RX_ETH_FCS_ERR | EF_VI_DISCARD_RX_ETH_LEN_ERR;
}
