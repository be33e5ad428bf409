/* Routes by RTM_GETROUTE: the kernel's own look-up, so that policy rules, VRFs, multipath and learned MTUs count. */
#include "route/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

size_t address_bytes(int family)
{
    return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

/* RTA_METRICS: net/ipv4/route.c rt_fill_info puts a learned path MTU in here while it has not expired. */
static void read_metrics(const struct nlattr *metrics, int64_t *out)
{
    struct nl_attributes inner = nl_nested(metrics);
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == RTAX_MTU)
            out[ROUTE_MTU] = nl_u32(a);
        else if (nl_type(a) == RTAX_HOPLIMIT)
            out[ROUTE_HOP_LIMIT] = nl_u32(a);
        else if (nl_type(a) == RTAX_LOCK && (nl_u32(a) & (1u << RTAX_MTU)))
            out[ROUTE_FLAGS] |= ROUTE_MTU_LOCKED;
    }
}

int route_answer(const struct nlmsghdr *message, void *context)
{
    int64_t *out = context;
    const struct rtmsg *route = nl_fixed(message, sizeof *route);
    if (message->nlmsg_type != RTM_NEWROUTE || route == NULL)
        return 0;
    memset(out, 0, ROUTE_SLOTS * sizeof *out);
    size_t bytes = address_bytes(route->rtm_family);
    out[ROUTE_TYPE] = route->rtm_type;
    out[ROUTE_TABLE] = route->rtm_table;
    struct nl_attributes attributes = nl_attributes(message, sizeof *route);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        switch (nl_type(a)) {
        case RTA_OIF:
            out[ROUTE_IFINDEX] = nl_u32(a);
            break;
        case RTA_PREFSRC:
            nl_bytes(a, out + ROUTE_SOURCE, bytes);
            out[ROUTE_FLAGS] |= ROUTE_HAS_SOURCE;
            break;
        case RTA_GATEWAY:
            nl_bytes(a, out + ROUTE_GATEWAY, bytes);
            out[ROUTE_FLAGS] |= ROUTE_HAS_GATEWAY;
            break;
        case RTA_VIA: /* RFC 5549: an IPv6 gateway for IPv4 */
            out[ROUTE_FLAGS] |= ROUTE_OTHER_FAMILY;
            break;
        case RTA_ENCAP:
        case RTA_ENCAP_TYPE: /* lwtunnel: MPLS, SRv6, BPF */
        case RTA_NEWDST:
            out[ROUTE_FLAGS] |= ROUTE_ENCAPSULATED;
            break;
        case RTA_METRICS:
            read_metrics(a, out);
            break;
        case RTA_TABLE:
            out[ROUTE_TABLE] = nl_u32(a);
            break;
        case RTA_CACHEINFO: {
            struct rta_cacheinfo cache;
            nl_bytes(a, &cache, sizeof cache);
            out[ROUTE_EXPIRES] = cache.rta_expires;
            break;
        }
        default:
            break;
        }
    }
    return 0;
}

int route_lookup(int fd, const struct route_question *question, int64_t *out)
{
    struct nl_request request;
    size_t bytes = address_bytes(question->family);
    if (bytes == 0)
        return -EAFNOSUPPORT;
    struct rtmsg *route = nl_begin(&request, RTM_GETROUTE, 0, sizeof *route);
    route->rtm_family = (uint8_t)question->family;
    route->rtm_dst_len = (uint8_t)(bytes * 8);
    if (question->family == AF_INET)
        route->rtm_flags = RTM_F_LOOKUP_TABLE; /* IPv6 tells its table in any case and refuses the flag */
    route->rtm_tos = (uint8_t)(question->tos & 0xFC); /* the DSCP; the ECN bits never choose a route */
    nl_add(&request, RTA_DST, question->destination, bytes);
    if (question->source != NULL) {
        route->rtm_src_len = (uint8_t)(bytes * 8);
        nl_add(&request, RTA_SRC, question->source, bytes);
    }
    if (question->device != 0)
        nl_add_u32(&request, RTA_OIF, (uint32_t)question->device);
    if (question->arrival != 0)
        nl_add_u32(&request, RTA_IIF, (uint32_t)question->arrival);
    uint8_t protocol = IPPROTO_UDP;
    nl_add(&request, RTA_IP_PROTO, &protocol, sizeof protocol);
    uint16_t source_port = htons((uint16_t)question->source_port), destination_port = htons((uint16_t)question->destination_port);
    if (source_port != 0)
        nl_add(&request, RTA_SPORT, &source_port, sizeof source_port);
    if (destination_port != 0)
        nl_add(&request, RTA_DPORT, &destination_port, sizeof destination_port);
    memset(out, 0, ROUTE_SLOTS * sizeof *out);
    return nl_talk(fd, &request, route_answer, out);
}
