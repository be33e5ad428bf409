/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the XDP program and its loader agree on. Addresses are 16 bytes, IPv4 as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2); network order. */
#ifndef ACCEL_STEERING_H
#define ACCEL_STEERING_H

#include <asm/byteorder.h>
#include <linux/types.h>

enum {
    STEERING_QUEUES = 64,
    STEERING_FILTERS = 32768, /* of each kind */
};

/* What the table of ports holds for a port: of IPv4 the one local address that is filtered on it, in network order, or one of these. */
#define PORT_EMPTY 0u
#define PORT_IN_TABLES 0xffffffffu

struct port_entry {
    __u32 ipv4;
    __u32 ipv6; /* PORT_EMPTY or PORT_IN_TABLES */
};

/* Multiples of 4 bytes without holes: the kernel hashes them by words and compares them by bytes. */
struct local_filter {
    __u32 address[4];
    __u16 port;
    __u16 protocol;
};

struct full_filter {
    struct local_filter local;
    __u32 remote[4];
    __u16 remote_port;
    __u16 zero;
};

#define IPV4_IN_IPV6(address) {0, 0, __constant_htonl(0xffff), (address)}

#endif
