/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a filter matches, for the simulator and for the BPF program that keeps it from the kernel. Numbers in network order but for vlan. */
#ifndef SIM_MATCH_H
#define SIM_MATCH_H

#include <linux/types.h>

enum {
    MATCH_LOCAL = 1,        /* address and port */
    MATCH_REMOTE = 2,
    MATCH_PROTOCOL = 4,
    MATCH_ETHER_TYPE = 8,
    MATCH_VLAN = 16,
    MATCH_MAC = 32,
    MATCH_UNICAST = 64,
    MATCH_MULTICAST = 128,
    MATCH_ANYTHING = 256,   /* every frame has it */
};

struct match {
    __u32 fields;           /* of a frame: what it has */
    __u16 ether_type, vlan;
    __u32 local[4], remote[4];
    __u16 local_port, remote_port;
    __u8 protocol, zero;
    __u8 mac[6];
};

static inline int same_address(const __u32 a[4], const __u32 b[4])
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

static inline int match_filter(const struct match *filter, const struct match *frame)
{
    const __u32 f = filter->fields;
    if ((f & ~frame->fields) != 0)
        return 0;
    if (f & MATCH_ETHER_TYPE && filter->ether_type != frame->ether_type)
        return 0;
    if (f & MATCH_PROTOCOL && filter->protocol != frame->protocol)
        return 0;
    if (f & MATCH_VLAN && filter->vlan != frame->vlan)
        return 0;
    if (f & MATCH_LOCAL && (filter->local_port != frame->local_port || !same_address(filter->local, frame->local)))
        return 0;
    if (f & MATCH_REMOTE && (filter->remote_port != frame->remote_port || !same_address(filter->remote, frame->remote)))
        return 0;
    if (f & MATCH_MAC) {
        for (int i = 0; i < 6; i++) {
            if (filter->mac[i] != frame->mac[i])
                return 0;
        }
    }
    return 1;
}

#define MATCH_IP4 __builtin_bswap16(0x0800)
#define MATCH_IP6 __builtin_bswap16(0x86dd)

enum { MATCH_TCP = 6, MATCH_UDP = 17 };

/*
 * Fills in what a frame has, from its network header on: the caller knows ether type, VLAN and MAC. LOAD(offset, to, bytes) answers 0 when
 * the frame is that long. Ports are only looked at in whole datagrams without IP options or extension headers.
 */
#define MATCH_PARSE_L3(m, at, LOAD)                                                                                                     \
    do {                                                                                                                                \
        __u8 h[40];                                                                                                                     \
        __u32 l4 = 0;                                                                                                                   \
        if ((m)->ether_type == MATCH_IP4 && LOAD((at), h, 20) == 0 && h[0] >> 4 == 4) {                                                 \
            (m)->protocol = h[9];                                                                                                       \
            (m)->fields |= MATCH_PROTOCOL;                                                                                              \
            __builtin_memcpy(&(m)->remote[0], h + 12, 4);                                                                               \
            __builtin_memcpy(&(m)->local[0], h + 16, 4);                                                                                \
            if ((h[0] & 15) == 5 && (h[6] & 0x3f) == 0 && h[7] == 0)                                                                    \
                l4 = (at) + 20;                                                                                                         \
        } else if ((m)->ether_type == MATCH_IP6 && LOAD((at), h, 40) == 0 && h[0] >> 4 == 6) {                                          \
            (m)->protocol = h[6];                                                                                                       \
            (m)->fields |= MATCH_PROTOCOL;                                                                                              \
            __builtin_memcpy((m)->remote, h + 8, 16);                                                                                   \
            __builtin_memcpy((m)->local, h + 24, 16);                                                                                   \
            l4 = (at) + 40;                                                                                                             \
        }                                                                                                                               \
        if (l4 != 0 && ((m)->protocol == MATCH_UDP || (m)->protocol == MATCH_TCP) && LOAD(l4, h, 4) == 0) {                             \
            __builtin_memcpy(&(m)->remote_port, h, 2);                                                                                  \
            __builtin_memcpy(&(m)->local_port, h + 2, 2);                                                                               \
            (m)->fields |= MATCH_LOCAL | MATCH_REMOTE;                                                                                  \
        }                                                                                                                               \
    } while (0)

#endif
