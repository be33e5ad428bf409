/* Netlink conversations: one request, its answers, and attributes that are read only as far as the message really goes. */
#ifndef ACCEL_ROUTE_NETLINK_H
#define ACCEL_ROUTE_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    NL_BUFFER = 32768, /* what the kernel packs a dump's datagram to at most (af_netlink.c, netlink_dump) */
    NL_REQUEST = 1024,
};

/* A request under construction; what does not fit sets `full`, and nl_talk refuses it. */
struct nl_request {
    union {
        struct nlmsghdr header;
        uint8_t bytes[NL_REQUEST];
    };
    int full;
};

/* Begins a request with its fixed part zeroed, and returns that part. */
void *nl_begin(struct nl_request *request, int type, int flags, size_t fixed);
void nl_add(struct nl_request *request, int attribute, const void *value, size_t length);
void nl_add_u32(struct nl_request *request, int attribute, uint32_t value);

/* Called for each data message, whose nlmsg_len is checked. Not 0: stop calling, that is the result (negative: -errno). */
typedef int nl_handler(const struct nlmsghdr *message, void *context);

/* A socket of a netlink protocol that waits one second at most for an answer: fd or -errno. */
int nl_open(int protocol);

/*
 * Sends one request and hands its answers to the handler until the kernel says that it is done. 0, or -errno: the kernel's, the
 * handler's, EINTR for a dump that changed under way, EMSGSIZE for an answer beyond NL_BUFFER.
 */
int nl_talk(int fd, struct nl_request *request, nl_handler *handler, void *context);

/* Walks the messages of one datagram; `done` becomes 1 at its end marker or acknowledgement of `sequence` (0: any). */
int nl_walk(const void *buffer, size_t length, uint32_t sequence, nl_handler *handler, void *context, int *done);

/* The attributes that follow `fixed` bytes of payload, or that are nested in another; next() is NULL at the end or at garbage. */
struct nl_attributes {
    const uint8_t *at;
    size_t left;
};

struct nl_attributes nl_attributes(const struct nlmsghdr *message, size_t fixed);
struct nl_attributes nl_nested(const struct nlattr *attribute);
const struct nlattr *nl_next(struct nl_attributes *attributes);

static inline int nl_type(const struct nlattr *attribute)
{
    return attribute->nla_type & NLA_TYPE_MASK;
}

static inline const void *nl_data(const struct nlattr *attribute)
{
    return (const uint8_t *)attribute + NLA_HDRLEN;
}

static inline size_t nl_length(const struct nlattr *attribute)
{
    return attribute->nla_len - (size_t)NLA_HDRLEN;
}

/* Payload of a message if `fixed` bytes of it are there, else NULL. */
static inline const void *nl_fixed(const struct nlmsghdr *message, size_t fixed)
{
    return message->nlmsg_len >= NLMSG_HDRLEN + fixed ? (const uint8_t *)message + NLMSG_HDRLEN : NULL;
}

static inline uint32_t nl_u32(const struct nlattr *attribute)
{
    uint32_t value = 0;
    if (nl_length(attribute) >= sizeof value)
        memcpy(&value, nl_data(attribute), sizeof value);
    return value;
}

/* Nfnetlink's numbers are big-endian. */
static inline uint32_t nl_be32(const struct nlattr *attribute)
{
    return __builtin_bswap32(nl_u32(attribute));
}

/* Copies text, cut to size - 1 bytes and terminated, whatever the message holds. */
void nl_text(const struct nlattr *attribute, char *out, size_t size);

/* Copies at most `size` bytes of the value and zeroes the rest. */
void nl_bytes(const struct nlattr *attribute, void *out, size_t size);

#endif
