/* A filter request as an ef_filter_spec, by the library's own setters: they know which combinations there are. */
#include "efvi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

static unsigned ip4(const uint8_t address[16])
{
    unsigned value;
    memcpy(&value, address, sizeof value);
    return value;
}

static int set_addresses(ef_filter_spec *spec, const struct filter_request *q)
{
    const int port = htons((uint16_t)q->local_port), remote_port = htons((uint16_t)q->remote_port);
    const bool full = (q->fields & FILTER_REMOTE) != 0;
    struct in6_addr local, remote;
    memcpy(&local, q->local, sizeof local);
    memcpy(&remote, q->remote, sizeof remote);
    if (q->family == 4)
        return full ? ef_filter_spec_set_ip4_full(spec, q->protocol, ip4(q->local), port, ip4(q->remote), remote_port)
            : ef_filter_spec_set_ip4_local(spec, q->protocol, ip4(q->local), port);
    return full ? ef_filter_spec_set_ip6_full(spec, q->protocol, &local, port, &remote, remote_port)
        : ef_filter_spec_set_ip6_local(spec, q->protocol, &local, port);
}

static int set_stream(ef_filter_spec *spec, const struct filter_request *q)
{
    int error = 0;
    if (q->fields & FILTER_LOCAL)
        error = set_addresses(spec, q);
    if (error == 0 && q->fields & FILTER_MAC)
        error = ef_filter_spec_set_eth_local(spec, q->fields & FILTER_VLAN ? q->vlan : EF_FILTER_VLAN_ID_ANY, q->mac);
    if (error == 0 && (q->fields & (FILTER_PROTOCOL | FILTER_LOCAL)) == FILTER_PROTOCOL)
        error = ef_filter_spec_set_ip_proto(spec, (uint8_t)q->protocol);
    if (error == 0 && q->fields & FILTER_ETHER_TYPE)
        error = ef_filter_spec_set_eth_type(spec, htons((uint16_t)q->ether_type));
    return error;
}

static int set_scope(ef_filter_spec *spec, const struct filter_request *q)
{
    switch ((enum filter_scope)q->scope) {
    case SCOPE_STREAM:
        return set_stream(spec, q);
    case SCOPE_UNICAST_ALL:
        return ef_filter_spec_set_unicast_all(spec);
    case SCOPE_MULTICAST_ALL:
        return ef_filter_spec_set_multicast_all(spec);
    case SCOPE_UNICAST_MISMATCH:
        return ef_filter_spec_set_unicast_mismatch(spec);
    case SCOPE_MULTICAST_MISMATCH:
        return ef_filter_spec_set_multicast_mismatch(spec);
    case SCOPE_PORT_SNIFF:
        return ef_filter_spec_set_port_sniff(spec, 0);
    case SCOPE_PORT_SNIFF_PROMISCUOUS:
        return ef_filter_spec_set_port_sniff(spec, 1);
    case SCOPE_TX_PORT_SNIFF:
        return ef_filter_spec_set_tx_port_sniff(spec);
    case SCOPE_BLOCK_KERNEL:
        return ef_filter_spec_set_block_kernel(spec);
    case SCOPE_BLOCK_KERNEL_UNICAST:
        return ef_filter_spec_set_block_kernel_unicast(spec);
    case SCOPE_BLOCK_KERNEL_MULTICAST:
        return ef_filter_spec_set_block_kernel_multicast(spec);
    }
    return -EINVAL;
}

/* In the order that the setters want: a VLAN after what it narrows, a destination last of all. */
static int specify(ef_filter_spec *spec, const struct filter_request *q)
{
    /* Shared receive queues raise events for a sleeper only where they are asked to (X4). */
    ef_filter_spec_init(spec, EF_FILTER_FLAG_REQUEST_WAKEUPS);
    int error = set_scope(spec, q);
    if (error == 0 && (q->fields & (FILTER_VLAN | FILTER_MAC)) == FILTER_VLAN)
        error = ef_filter_spec_set_vlan(spec, q->vlan);
    if (error == 0 && q->fields & FILTER_QUEUE)
        error = ef_filter_spec_set_dest(spec, q->queue, 0);
    return error;
}

/* On a set there is one filter for all of its VIs: on each by itself it would be another copy of every frame. */
int filter_add(struct efvi *e, struct filter_request *q)
{
    struct receive_side *r = &e->receive[0];
    ef_filter_spec spec;
    ef_filter_cookie cookie = {0, 0};
    int error = specify(&spec, q);
    if (error == 0 && !e->clustered) /* libciul would say that it ignores it */
        error = e->set_open ? ef_vi_set_filter_add(&e->set, e->set_driver, &spec, &cookie)
            : ef_vi_filter_add(&r->vi, r->driver, &spec, &cookie);
    q->id = cookie.filter_id;
    q->type = cookie.filter_type;
    return error < 0 ? error : 0;
}

int filter_remove(struct efvi *e, int id, int type)
{
    struct receive_side *r = &e->receive[0];
    ef_filter_cookie cookie = {.filter_id = id, .filter_type = type};
    return e->clustered ? 0 : e->set_open ? ef_vi_set_filter_del(&e->set, e->set_driver, &cookie)
        : ef_vi_filter_del(&r->vi, r->driver, &cookie);
}
