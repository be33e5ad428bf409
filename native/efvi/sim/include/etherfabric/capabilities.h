#ifndef SIM_CAPABILITIES_H
#define SIM_CAPABILITIES_H

#include <etherfabric/pd.h>

enum ef_vi_capability {
    EF_VI_CAP_PIO,
    EF_VI_CAP_HW_MULTICAST_REPLICATION,
    EF_VI_CAP_HW_RX_TIMESTAMPING,
    EF_VI_CAP_HW_TX_TIMESTAMPING,
    EF_VI_CAP_RX_FILTER_TYPE_IP_VLAN,
    EF_VI_CAP_RX_MERGE,
    EF_VI_CAP_CTPIO,
    EF_VI_CAP_RX_FORCE_EVENT_MERGING,
    EF_VI_CAP_CTPIO_ONLY,
    EF_VI_CAP_RX_SHARED,
    EF_VI_CAP_RX_REF,
    EF_VI_CAP_MAX,
};

/* 0 and a value, or -EOPNOTSUPP, -ENOSYS. */
int ef_pd_capabilities_get(ef_driver_handle, ef_pd *, ef_driver_handle pd_handle, enum ef_vi_capability, unsigned long *value);
int ef_vi_capabilities_max(void);
const char *ef_vi_capabilities_name(enum ef_vi_capability);

#endif
