/*
 * VI sets: one table of filters, and for each frame that they match the VI which a hash chooses. It is Toeplitz' as the driver sets EF10 up
 * (efrm_vi_set.c): the key repeats two bytes, so that both directions of a flow have one hash, whose lower seven bits choose from a table
 * that counts the VIs round. Addresses and ports go in, of UDP too, which on a NIC depends on its firmware and settings; addresses alone
 * where a frame has no ports. A frame of neither IP version is the first VI's.
 */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 0x6d5a, INDIRECTION = 128 };

int ef_vi_set_alloc_from_pd(ef_vi_set *set, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, int vis)
{
    (void)handle; (void)pd_handle;
    const int scripted = sim_faults()->steps_refused[REFUSE_SET], refused = scripted ? scripted : sim_random_refusal(16);
    if (refused)
        return refused;
    if (vis < 1 || vis > MAX_SET || pd->sim->members != 0)
        return -EINVAL;
    if (is_efct(&pd->sim->nic) && vis != 1)
        return -EOPNOTSUPP; /* efct_vi_alloc() */
    struct sim_set *s = calloc(1, sizeof *s);
    if (s == NULL)
        return -ENOMEM;
    s->pd = pd->sim;
    s->filters.nic = &pd->sim->nic;
    s->filters.vi_count = vis;
    s->pd->users++;
    set->sim = s;
    return 0;
}

int ef_vi_set_free(ef_vi_set *set, ef_driver_handle handle)
{
    (void)handle;
    for (int i = 0; i < set->sim->filters.vi_count; i++) {
        if (set->sim->filters.vis[i] != NULL)
            MISUSE("VI %d of the set is still there", i);
    }
    sim_filters_close(&set->sim->filters);
    set->sim->pd->users--;
    free(set->sim);
    set->sim = NULL;
    return 0;
}

int ef_vi_alloc_from_set(ef_vi *vi, ef_driver_handle handle, ef_vi_set *set, ef_driver_handle set_handle, int index, int events, int rx,
                         int tx, ef_vi *event_queue, ef_driver_handle event_queue_handle, enum ef_vi_flags flags)
{
    (void)handle; (void)set_handle; (void)event_queue_handle;
    const struct sim_filters *f = &set->sim->filters;
    for (int i = 0; i < f->vi_count && index < 0; i++)
        index = f->vis[i] == NULL ? i : index;
    if (index < 0)
        return -ENOSPC;
    if (index >= f->vi_count)
        return -EDOM;
    if (f->vis[index] != NULL)
        return -EEXIST;
    return sim_vi_alloc(vi, set->sim->pd, set->sim, index, events, rx, tx, event_queue, flags);
}

/* For each bit that is set, the 32 bits of the key that begin there: the key's two bytes, and again, rotated. */
static uint32_t toeplitz(uint32_t hash, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    for (size_t bit = 0; bit < count * 8; bit++) {
        if (at[bit / 8] & 0x80 >> bit % 8) {
            const uint32_t turned = (KEY << bit % 16 | KEY >> (16 - bit % 16)) & 0xffff;
            hash ^= turned << 16 | turned;
        }
    }
    return hash;
}

bool sim_is_chosen(const struct sim_vi *v, const struct match *m)
{
    const size_t address = m->ether_type == MATCH_IP6 ? 16 : 4;
    uint32_t hash = 0;
    if (m->ether_type == MATCH_IP4 || m->ether_type == MATCH_IP6)
        hash = toeplitz(toeplitz(0, m->remote, address), m->local, address);
    if (m->fields & MATCH_LOCAL)
        hash = toeplitz(toeplitz(hash, &m->remote_port, 2), &m->local_port, 2);
    return (int)(hash % INDIRECTION) % v->set->filters.vi_count == v->index;
}
