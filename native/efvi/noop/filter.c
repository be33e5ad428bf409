/* The no-op libciul takes every filter and looks at none. */
#include <etherfabric/vi.h>

void ef_filter_spec_init(ef_filter_spec *s, enum ef_filter_flags flags)
{
    s->flags = flags;
}

#define TAKES(name, ...) int ef_filter_spec_set_##name(__VA_ARGS__) { (void)s; return 0; }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
TAKES(ip4_local, ef_filter_spec *s, int protocol, unsigned host, int port)
TAKES(ip4_full, ef_filter_spec *s, int protocol, unsigned host, int port, unsigned remote, int remote_port)
TAKES(ip6_local, ef_filter_spec *s, int protocol, const struct in6_addr *host, int port)
TAKES(ip6_full, ef_filter_spec *s, int protocol, const struct in6_addr *host, int port, const struct in6_addr *remote, int remote_port)
TAKES(vlan, ef_filter_spec *s, int vlan)
TAKES(eth_local, ef_filter_spec *s, int vlan, const void *mac)
TAKES(eth_type, ef_filter_spec *s, uint16_t ether_type)
TAKES(ip_proto, ef_filter_spec *s, uint8_t protocol)
TAKES(unicast_all, ef_filter_spec *s)
TAKES(multicast_all, ef_filter_spec *s)
TAKES(unicast_mismatch, ef_filter_spec *s)
TAKES(multicast_mismatch, ef_filter_spec *s)
TAKES(port_sniff, ef_filter_spec *s, int promiscuous)
TAKES(tx_port_sniff, ef_filter_spec *s)
TAKES(block_kernel, ef_filter_spec *s)
TAKES(block_kernel_multicast, ef_filter_spec *s)
TAKES(block_kernel_unicast, ef_filter_spec *s)
TAKES(dest, ef_filter_spec *s, int queue, unsigned flags)

int ef_vi_filter_add(ef_vi *vi, ef_driver_handle handle, const ef_filter_spec *s, ef_filter_cookie *out)
{
    *out = (ef_filter_cookie){0, 0};
    return 0;
}

int ef_vi_filter_del(ef_vi *vi, ef_driver_handle handle, ef_filter_cookie *cookie)
{
    return 0;
}

int ef_vi_set_filter_add(ef_vi_set *set, ef_driver_handle handle, const ef_filter_spec *s, ef_filter_cookie *out)
{
    *out = (ef_filter_cookie){0, 0};
    return 0;
}

int ef_vi_set_filter_del(ef_vi_set *set, ef_driver_handle handle, ef_filter_cookie *cookie)
{
    return 0;
}
#pragma GCC diagnostic pop
