/* Registered memory, and who holds each packet buffer of it. */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A page's DMA address holds its memory's number and its own, the pages of a pair swapped: who reckons across pages is found. */
enum { PAGE_BITS = EF_VI_NIC_PAGE_SHIFT, MEMORY_BITS = 40 };

static uint64_t memories; /* numbered across protection domains, so that an address of one is none of another */

int ef_memreg_alloc(ef_memreg *out, ef_driver_handle handle, ef_pd *pd, ef_driver_handle pd_handle, void *memory, size_t bytes)
{
    (void)handle; (void)pd_handle;
    const int refused = sim_random_refusal(16);
    if (refused)
        return refused;
    if ((uintptr_t)memory % EF_VI_NIC_PAGE_SIZE != 0)
        return -EINVAL;
    if (bytes == 0 || bytes % PACKET_BUFFER != 0)
        MISUSE("%zu bytes are no multiple of a packet buffer", bytes);
    struct sim_memory *m = calloc(1, sizeof *m);
    if (m == NULL || (m->owners = calloc(bytes / PACKET_BUFFER, 1)) == NULL) {
        free(m);
        return -ENOMEM;
    }
    m->pd = pd->sim;
    m->id = __atomic_add_fetch(&memories, 1, __ATOMIC_RELAXED);
    m->base = memory;
    m->bytes = bytes;
    m->next = pd->sim->memories;
    pd->sim->memories = m;
    out->sim = m;
    return 0;
}

int ef_memreg_free(ef_memreg *memreg, ef_driver_handle handle)
{
    (void)handle;
    struct sim_memory *m = memreg->sim, **at = &m->pd->memories;
    if (m->owned != 0)
        MISUSE("the NIC still holds %d packet buffers", m->owned);
    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    free(m->owners);
    free(m);
    return 0;
}

ef_addr ef_memreg_dma_addr(ef_memreg *memreg, size_t offset)
{
    const struct sim_memory *m = memreg->sim;
    if (offset >= m->bytes)
        MISUSE("offset %zu of %zu", offset, m->bytes);
    return m->id << MEMORY_BITS | ((offset >> PAGE_BITS) ^ 1) << PAGE_BITS | (offset & (EF_VI_NIC_PAGE_SIZE - 1));
}

static struct sim_memory *find(struct sim_pd *pd, ef_addr address, size_t *offset, const char *call)
{
    const uint64_t page = (address & (((uint64_t)1 << MEMORY_BITS) - 1)) >> PAGE_BITS;
    *offset = (size_t)((page ^ 1) << PAGE_BITS | (address & (EF_VI_NIC_PAGE_SIZE - 1)));
    for (struct sim_memory *m = pd->memories; m != NULL; m = m->next) {
        if (m->id == address >> MEMORY_BITS && *offset < m->bytes)
            return m;
    }
    sim_misuse(call, "DMA address 0x%llx is not registered in this protection domain", (unsigned long long)address);
}

void *sim_resolve(struct sim_pd *pd, ef_addr address, size_t bytes, const char *call)
{
    size_t offset;
    struct sim_memory *m = find(pd, address, &offset, call);
    if (bytes > m->bytes - offset || (address & (EF_VI_NIC_PAGE_SIZE - 1)) + bytes > EF_VI_NIC_PAGE_SIZE)
        sim_misuse(call, "%zu bytes at DMA address 0x%llx leave their page or the registered memory", bytes, (unsigned long long)address);
    return m->base + offset;
}

void sim_give(struct sim_pd *pd, ef_addr address, enum owner to, const char *call)
{
    size_t offset;
    struct sim_memory *m = find(pd, address, &offset, call);
    uint8_t *owner = &m->owners[offset / PACKET_BUFFER];
    if (*owner != OWNER_PROGRAM)
        sim_misuse(call, "packet buffer %zu is with the NIC already, to %s", offset / PACKET_BUFFER,
                   *owner == OWNER_RX ? "receive" : "send");
    *owner = (uint8_t)to;
    __atomic_add_fetch(&m->owned, 1, __ATOMIC_RELAXED); /* VIs of other threads have buffers here too */
}

void sim_take(struct sim_pd *pd, ef_addr address)
{
    size_t offset;
    struct sim_memory *m = find(pd, address, &offset, __func__);
    m->owners[offset / PACKET_BUFFER] = OWNER_PROGRAM;
    __atomic_sub_fetch(&m->owned, 1, __ATOMIC_RELAXED);
}
