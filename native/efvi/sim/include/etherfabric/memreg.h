#ifndef SIM_MEMREG_H
#define SIM_MEMREG_H

#include <etherfabric/pd.h>

typedef struct ef_memreg {
    struct sim_memory *sim;
} ef_memreg;

/* Page-aligned memory, a multiple of the packet buffers' size. */
int ef_memreg_alloc(ef_memreg *, ef_driver_handle, ef_pd *, ef_driver_handle pd_handle, void *memory, size_t bytes);
int ef_memreg_free(ef_memreg *, ef_driver_handle);
ef_addr ef_memreg_dma_addr(ef_memreg *, size_t offset);

#endif
