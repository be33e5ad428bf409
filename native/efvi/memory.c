/* Packet buffers: huge pages where there are some, kept from a forked child, registered with the protection domain. */
#include "efvi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)1 << 21)

static void *map(size_t bytes, int flags)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/*
 * A control group's limit on huge pages (a container's) counts when a page is touched, long after mmap() has agreed: who touches one too
 * many gets SIGBUS. MAP_POPULATE stops there and says nothing, so look.
 */
static bool is_populated(char *base, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += HUGE_PAGE) {
        unsigned char resident = 0;
        if (mincore(base + at, EF_VI_NIC_PAGE_SIZE, &resident) != 0 || !(resident & 1))
            return false;
    }
    return true;
}

static void *map_huge(size_t bytes)
{
    char *at = map(bytes, MAP_HUGETLB | MAP_POPULATE);
    if (at == NULL || is_populated(at, bytes))
        return at;
    munmap(at, bytes);
    return NULL;
}

int memory_allocate(struct memory *m, size_t bytes)
{
    memset(m, 0, sizeof *m);
    m->bytes = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    m->base = map_huge(m->bytes);
    m->huge = m->base != NULL;
    if (m->base == NULL) {
        m->bytes = (bytes + EF_VI_NIC_PAGE_SIZE - 1) & ~(size_t)(EF_VI_NIC_PAGE_SIZE - 1);
        m->base = map(m->bytes, MAP_POPULATE);
    }
    if (m->base == NULL)
        return -errno;
    /* A page that a child shares is copied at the parent's next write, and the NIC would go on writing to the other one. */
    if (madvise(m->base, m->bytes, MADV_DONTFORK) != 0) {
        int error = -errno;
        munmap(m->base, m->bytes);
        m->base = NULL;
        return error;
    }
    return 0;
}

int memory_register(struct memory *m, ef_driver_handle driver, ef_pd *domain)
{
    const int error = ef_memreg_alloc(&m->region, driver, domain, driver, m->base, m->bytes);
    m->registered = error == 0;
    if (error)
        return error;
    const size_t buffers = m->bytes / BUFFER_BYTES;
    m->dma = calloc(buffers, sizeof m->dma[0]);
    if (m->dma == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < buffers; i++)
        m->dma[i] = ef_memreg_dma_addr(&m->region, i * BUFFER_BYTES);
    return 0;
}

void memory_share(struct memory *m, const struct memory *of)
{
    *m = (struct memory){.base = of->base, .bytes = of->bytes, .huge = of->huge, .shared = true};
}

void memory_free(struct memory *m, ef_driver_handle driver)
{
    if (m->registered)
        ef_memreg_free(&m->region, driver);
    if (m->base != NULL && !m->shared)
        munmap(m->base, m->bytes);
    free(m->dma);
    memset(m, 0, sizeof *m);
}
