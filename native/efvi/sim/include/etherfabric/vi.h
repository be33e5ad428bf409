#ifndef SIM_VI_H
#define SIM_VI_H

#include <etherfabric/ef_vi.h>
#include <etherfabric/pd.h>

struct in6_addr;

/* Capacities: 0 none, -1 the default. */
int ef_vi_alloc_from_pd(ef_vi *, ef_driver_handle, ef_pd *, ef_driver_handle pd_handle, int events, int rx, int tx, ef_vi *event_queue,
                        ef_driver_handle event_queue_handle, enum ef_vi_flags);
int ef_vi_free(ef_vi *, ef_driver_handle);

/* VIs over which the NIC spreads what the set's filters match. */
typedef struct {
    struct sim_set *sim;
} ef_vi_set;

int ef_vi_set_alloc_from_pd(ef_vi_set *, ef_driver_handle, ef_pd *, ef_driver_handle pd_handle, int vis);
int ef_vi_set_free(ef_vi_set *, ef_driver_handle);
/* As ef_vi_alloc_from_pd(); index -1: any that is free. */
int ef_vi_alloc_from_set(ef_vi *, ef_driver_handle, ef_vi_set *, ef_driver_handle set_handle, int index, int events, int rx, int tx,
                         ef_vi *event_queue, ef_driver_handle event_queue_handle, enum ef_vi_flags);
unsigned ef_vi_mtu(ef_vi *, ef_driver_handle);
int ef_vi_get_mac(ef_vi *, ef_driver_handle, void *mac);
int ef_vi_prime(ef_vi *, ef_driver_handle, unsigned current);

enum ef_filter_flags {
    EF_FILTER_FLAG_NONE = 0,
    EF_FILTER_FLAG_MCAST_LOOP_RECEIVE = 2,
    EF_FILTER_FLAG_EXCLUSIVE_RXQ = 4,
    EF_FILTER_FLAG_SHARED_RXQ = 8,
    EF_FILTER_FLAG_REQUEST_WAKEUPS = 0x10,
};

enum { EF_FILTER_VLAN_ID_ANY = -1 };

typedef struct ef_filter_spec {
    unsigned type;
    unsigned flags;
    int protocol, vlan, destination, promiscuous;
    unsigned char local[16], remote[16], mac[6];
    uint16_t local_port, remote_port, ether_type; /* network order */
    unsigned char ip_protocol;
} ef_filter_spec;

typedef struct ef_filter_cookie {
    int filter_id;
    int filter_type;
} ef_filter_cookie;

/* Each setter answers 0, or -EPROTONOSUPPORT when what is set already does not go with it. Addresses and ports in network order. */
void ef_filter_spec_init(ef_filter_spec *, enum ef_filter_flags);
int ef_filter_spec_set_ip4_local(ef_filter_spec *, int protocol, unsigned host, int port);
int ef_filter_spec_set_ip4_full(ef_filter_spec *, int protocol, unsigned host, int port, unsigned remote, int remote_port);
int ef_filter_spec_set_ip6_local(ef_filter_spec *, int protocol, const struct in6_addr *host, int port);
int ef_filter_spec_set_ip6_full(ef_filter_spec *, int protocol, const struct in6_addr *host, int port, const struct in6_addr *remote,
                                int remote_port);
int ef_filter_spec_set_vlan(ef_filter_spec *, int vlan);
int ef_filter_spec_set_eth_local(ef_filter_spec *, int vlan, const void *mac);
int ef_filter_spec_set_eth_type(ef_filter_spec *, uint16_t ether_type);
int ef_filter_spec_set_ip_proto(ef_filter_spec *, uint8_t protocol);
int ef_filter_spec_set_unicast_all(ef_filter_spec *);
int ef_filter_spec_set_multicast_all(ef_filter_spec *);
int ef_filter_spec_set_unicast_mismatch(ef_filter_spec *);
int ef_filter_spec_set_multicast_mismatch(ef_filter_spec *);
int ef_filter_spec_set_port_sniff(ef_filter_spec *, int promiscuous);
int ef_filter_spec_set_tx_port_sniff(ef_filter_spec *);
int ef_filter_spec_set_block_kernel(ef_filter_spec *);
int ef_filter_spec_set_block_kernel_multicast(ef_filter_spec *);
int ef_filter_spec_set_block_kernel_unicast(ef_filter_spec *);
int ef_filter_spec_set_dest(ef_filter_spec *, int queue, unsigned flags);

int ef_vi_filter_add(ef_vi *, ef_driver_handle, const ef_filter_spec *, ef_filter_cookie *);
int ef_vi_filter_del(ef_vi *, ef_driver_handle, ef_filter_cookie *);
int ef_vi_set_filter_add(ef_vi_set *, ef_driver_handle, const ef_filter_spec *, ef_filter_cookie *);
int ef_vi_set_filter_del(ef_vi_set *, ef_driver_handle, ef_filter_cookie *);

typedef struct {
    const char *evsfl_name;
    int evsfl_offset;
    int evsfl_size;
} ef_vi_stats_field_layout;

typedef struct {
    int evsl_data_size;
    int evsl_fields_num;
    ef_vi_stats_field_layout evsl_fields[4];
} ef_vi_stats_layout;

int ef_vi_stats_query_layout(ef_vi *, const ef_vi_stats_layout **);
int ef_vi_stats_query(ef_vi *, ef_driver_handle, void *data, int reset);

#endif
