/* What the files of this directory offer to table.c, and the records that they hand to Java. */
#ifndef ACCEL_ROUTE_ROUTE_H
#define ACCEL_ROUTE_ROUTE_H

#include "route/netlink.h"

/* Records are arrays of 64-bit slots in host order; an address takes two slots and is in network order, IPv4 in its first 4 bytes. */
struct records {
    int64_t *out;
    int max;   /* records that fit */
    int count; /* records found, which may be more */
    int slots; /* per record */
};

/* The next record, zeroed, or NULL where none fits; it is counted in either case. */
static inline int64_t *next_record(struct records *records)
{
    int n = records->count++;
    if (n >= records->max)
        return NULL;
    return memset(records->out + (size_t)n * (size_t)records->slots, 0, (size_t)records->slots * sizeof(int64_t));
}

/* Bytes of an address of this family, or 0. */
size_t address_bytes(int family);

/* RouteTable.java */
enum {
    ROUTE_TYPE, ROUTE_IFINDEX, ROUTE_FLAGS, ROUTE_MTU, ROUTE_EXPIRES, ROUTE_TABLE, ROUTE_SOURCE, ROUTE_GATEWAY = 8, ROUTE_HOP_LIMIT = 10,
    ROUTE_SLOTS,
};
enum {
    ROUTE_HAS_SOURCE = 1, ROUTE_HAS_GATEWAY = 2, ROUTE_OTHER_FAMILY = 4, ROUTE_ENCAPSULATED = 8, ROUTE_MTU_LOCKED = 16,
};
struct route_question {
    int family, source_port, destination_port, tos, device;
    int arrival; /* the device that it came in by, or 0: it is to be sent */
    const uint8_t *destination, *source; /* source NULL: unbound */
};
int route_lookup(int fd, const struct route_question *question, int64_t *out);
nl_handler route_answer;

/* Neighbours.java */
enum { NEIGHBOUR_STATE, NEIGHBOUR_MAC, NEIGHBOUR_IFINDEX, NEIGHBOUR_FAMILY, NEIGHBOUR_ADDRESS, NEIGHBOUR_SLOTS = 6 };
int neighbour_lookup(int fd, int device, int family, const uint8_t *address, int64_t *out);
int neighbour_use(int fd, int device, int family, const uint8_t *address);
/* Reads an RTM_NEWNEIGH or RTM_DELNEIGH: 1, or 0 for one that is not of IPv4 or IPv6. */
int neighbour_record(const struct nlmsghdr *message, int64_t *out);
nl_handler neighbour_answer;

/* NetworkDevices.java */
enum {
    LINK_IFINDEX, LINK_MTU, LINK_FLAGS, LINK_TYPE, LINK_MASTER, LINK_LOWER, LINK_VLAN, LINK_MAC, LINK_NAME, LINK_KIND = 10,
    LINK_XDP = 12, LINK_HOP_LIMIT, LINK_IPV6_MTU, LINK_SLOTS,
};
int link_by_index(int fd, int device, int64_t *out);
int link_by_name(int fd, const char *name, int64_t *out);
int link_list(int fd, struct records *records);
nl_handler link_answer;

enum { ADDRESS_IFINDEX, ADDRESS_FAMILY, ADDRESS_PREFIX, ADDRESS_SCOPE, ADDRESS_FLAGS, ADDRESS_VALUE, ADDRESS_SLOTS = 7 };
int address_list(int fd, struct records *records);
nl_handler address_answer;

/* NetworkEvents.java */
enum {
    EVENT_ROUTE = 1, EVENT_RULE = 2, EVENT_ADDRESS = 4, EVENT_LINK = 8, EVENT_NEIGHBOUR = 16, EVENT_NEXTHOP = 32, EVENT_OVERRUN = 64,
};
int events_open(int receive_buffer);
/* Reads what is pending: EVENT_ bits, or -errno. Neighbour events are recorded; where they do not fit, EVENT_OVERRUN is set. */
int events_drain(int fd, struct records *neighbours);
struct event_context {
    int bits;
    struct records *neighbours;
};
nl_handler event_message;

/* SocketInventory.java */
enum {
    SOCKET_INODE, SOCKET_FAMILY, SOCKET_V6ONLY, SOCKET_REMOTE_PORT, SOCKET_IFINDEX, SOCKET_USER, SOCKET_LOCAL, SOCKET_REMOTE = 8,
    SOCKET_SLOTS = 10,
};
int inventory_list(int fd, int port, struct records *records);
int inventory_replay(const void *datagram, size_t length, int port, struct records *records);

#endif
