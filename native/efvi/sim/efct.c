/* EFCT's receive side: the NIC fills superbufs, packets of them are lent, and one that is not given back holds up its whole superbuf. */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { POISON = 0xa5, PAGE_ALIGNMENT = 1 << 21, LENT = 1 };
#define SUPERBUF_BYTES ((size_t)SUPERBUF_PACKETS * PACKET_STRIDE)
#define ALL_BYTES (SUPERBUFS * SUPERBUF_BYTES)

int sim_superbufs_open(struct sim_vi *v)
{
    struct sim_superbufs *s = &v->superbufs;
    char *at = mmap(NULL, ALL_BYTES + PAGE_ALIGNMENT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return -errno;
    s->base = (char *)(((uintptr_t)at + PAGE_ALIGNMENT - 1) & ~((uintptr_t)PAGE_ALIGNMENT - 1));
    munmap(at, (size_t)(s->base - at));
    munmap(s->base + ALL_BYTES, (size_t)(at + PAGE_ALIGNMENT - s->base));
    s->lent = calloc((size_t)SUPERBUFS * SUPERBUF_PACKETS, 1);
    if (s->lent == NULL) {
        munmap(s->base, ALL_BYTES);
        s->base = NULL;
        return -ENOMEM;
    }
    return 0;
}

void sim_superbufs_close(struct sim_vi *v)
{
    if (v->superbufs.base != NULL)
        munmap(v->superbufs.base, ALL_BYTES);
    free(v->superbufs.lent);
}

/* The packet for the next frame: the next of the superbuf, or the first of one that nobody holds; -1 when all are held. */
static int next_packet(struct sim_superbufs *s)
{
    if (s->packet == SUPERBUF_PACKETS) {
        int i = 0;
        while (i < SUPERBUFS && s->held[i] != 0)
            i++;
        if (i == SUPERBUFS)
            return -1;
        s->superbuf = i;
        s->packet = 0;
    }
    return s->superbuf * SUPERBUF_PACKETS + s->packet++;
}

void sim_superbufs_deliver(struct sim_vi *v, const uint8_t *frame, size_t bytes, int discard)
{
    struct sim_superbufs *s = &v->superbufs;
    const int packet = bytes > PACKET_STRIDE ? -1 : next_packet(s);
    if (packet < 0) {
        s->dropped++;
        sim_ledger.no_descriptors++;
        return;
    }
    memcpy(s->base + (size_t)packet * PACKET_STRIDE, frame, bytes);
    s->lent[packet] = LENT;
    s->held[packet / SUPERBUF_PACKETS]++;
    sim_ledger.held++;
    if (discard)
        sim_event(v, &(ef_event){.rx_ref_discard = {
            .type = EF_EVENT_TYPE_RX_REF_DISCARD, .pkt_id = (unsigned)packet, .len = (unsigned)bytes, .flags = (unsigned)discard,
        }});
    else
        sim_event(v, &(ef_event){.rx_ref = {.type = EF_EVENT_TYPE_RX_REF, .pkt_id = (unsigned)packet, .len = (unsigned)bytes}});
}

static void need_lent(const struct sim_vi *v, uint32_t packet, const char *call)
{
    if (v->superbufs.base == NULL)
        sim_misuse(call, "this VI lends no packets");
    if (packet >= SUPERBUFS * SUPERBUF_PACKETS || v->superbufs.lent[packet] != LENT)
        sim_misuse(call, "packet %u is not lent", packet);
}

const void *efct_vi_rxpkt_get(ef_vi *vi, uint32_t packet)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    need_lent(v, packet, __func__);
    sim_leave(v);
    return v->superbufs.base + (size_t)packet * PACKET_STRIDE;
}

void efct_vi_rxpkt_release(ef_vi *vi, uint32_t packet)
{
    struct sim_vi *v = sim_enter(vi, __func__);
    need_lent(v, packet, __func__);
    v->superbufs.lent[packet] = 0;
    v->superbufs.held[packet / SUPERBUF_PACKETS]--;
    sim_ledger.held--;
    memset(v->superbufs.base + (size_t)packet * PACKET_STRIDE, POISON, PACKET_STRIDE);
    sim_leave(v);
}
