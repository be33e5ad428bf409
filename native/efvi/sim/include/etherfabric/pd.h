#ifndef SIM_PD_H
#define SIM_PD_H

#include <etherfabric/base.h>

enum ef_pd_flags {
    EF_PD_DEFAULT = 0,
    EF_PD_VF = 1,
    EF_PD_PHYS_MODE = 2,
    EF_PD_MCAST_LOOP = 0x10,
    EF_PD_EXPRESS = 0x80,
};

typedef struct ef_pd {
    struct sim_pd *sim;
} ef_pd;

int ef_pd_alloc_by_name(ef_pd *, ef_driver_handle, const char *cluster_or_interface, enum ef_pd_flags);
const char *ef_pd_interface_name(ef_pd *);
int ef_pd_free(ef_pd *, ef_driver_handle);

#endif
