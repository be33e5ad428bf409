#ifndef SIM_PIO_H
#define SIM_PIO_H

#include <etherfabric/pd.h>

struct ef_vi;

typedef struct ef_pio {
    unsigned pio_len;
    struct sim_vi *linked;
} ef_pio;

int ef_pio_alloc(ef_pio *, ef_driver_handle, ef_pd *, unsigned length_hint, ef_driver_handle pd_handle);
int ef_pio_free(ef_pio *, ef_driver_handle);
int ef_pio_link_vi(ef_pio *, ef_driver_handle, struct ef_vi *, ef_driver_handle vi_handle);
int ef_pio_unlink_vi(ef_pio *, ef_driver_handle, struct ef_vi *, ef_driver_handle vi_handle);
int ef_vi_get_pio_size(struct ef_vi *);

#endif
