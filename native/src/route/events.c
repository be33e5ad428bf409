/* One socket on every rtnetlink group that can make a cached route or neighbour wrong. */
#include "route/route.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_PER_DRAIN = 1024 }; /* datagrams; more wait for the next call, so that a storm does not hold the caller for ever */

int events_open(int receive_buffer)
{
    static const int groups[] = {
        RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_IFADDR,
        RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE,
    };
    int fd = nl_open(NETLINK_ROUTE);
    if (fd < 0)
        return fd;
    int error = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0] && error == 0; i++) {
        if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]) != 0)
            error = -errno;
    }
    /* Kernels before 5.3 have no nexthop objects, hence no events of them. */
    int nexthop = RTNLGRP_NEXTHOP;
    (void)setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nexthop, sizeof nexthop);
    if (error == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0
        && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0)
        error = -errno;
    if (error == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        error = -errno;
    if (error != 0) {
        close(fd);
        return error;
    }
    return fd;
}

int event_message(const struct nlmsghdr *message, void *context)
{
    struct event_context *events = context;
    switch (message->nlmsg_type) {
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        events->bits |= EVENT_ROUTE;
        break;
    case RTM_NEWRULE:
    case RTM_DELRULE:
        events->bits |= EVENT_RULE;
        break;
    case RTM_NEWADDR:
    case RTM_DELADDR:
        events->bits |= EVENT_ADDRESS;
        break;
    case RTM_NEWLINK:
    case RTM_DELLINK:
        events->bits |= EVENT_LINK;
        break;
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
        events->bits |= EVENT_NEXTHOP;
        break;
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH: {
        int64_t record[NEIGHBOUR_SLOTS];
        if (neighbour_record(message, record)) {
            events->bits |= EVENT_NEIGHBOUR;
            int64_t *out = next_record(events->neighbours);
            if (out != NULL)
                memcpy(out, record, sizeof record);
            else
                events->bits |= EVENT_OVERRUN;
        }
        break;
    }
    default:
        break;
    }
    return 0;
}

int events_drain(int fd, struct records *neighbours)
{
    uint8_t buffer[NL_BUFFER] __attribute__((aligned(8)));
    struct event_context events = {.neighbours = neighbours};
    neighbours->slots = NEIGHBOUR_SLOTS;
    for (int i = 0; i < EVENTS_PER_DRAIN && neighbours->count < neighbours->max; i++) {
        struct sockaddr_nl from;
        socklen_t from_length = sizeof from;
        ssize_t n = recvfrom(fd, buffer, sizeof buffer, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &from_length);
        if (n < 0) {
            if (errno == ENOBUFS) {
                events.bits |= EVENT_OVERRUN; /* told once; what is still queued follows */
                continue;
            }
            if (errno == EINTR)
                continue;
            if (errno == EAGAIN)
                break;
            return -errno;
        }
        if (from_length != sizeof from || from.nl_pid != 0)
            continue; /* not from the kernel */
        int done = 0;
        if ((size_t)n > sizeof buffer || nl_walk(buffer, (size_t)n, 0, event_message, &events, &done) != 0)
            events.bits |= EVENT_OVERRUN;
    }
    return events.bits;
}
