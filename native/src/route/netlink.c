/* Netlink conversations (linux/netlink.h, Documentation/userspace-api/netlink/intro.rst). */
#include "route/netlink.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

void *nl_begin(struct nl_request *request, int type, int flags, size_t fixed)
{
    memset(request, 0, sizeof *request);
    request->header.nlmsg_type = (uint16_t)type;
    request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    request->header.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + NLMSG_ALIGN(fixed));
    return request->bytes + NLMSG_HDRLEN;
}

void nl_add(struct nl_request *request, int attribute, const void *value, size_t length)
{
    size_t at = request->header.nlmsg_len;
    if (at + NLA_HDRLEN + NLA_ALIGN(length) > sizeof request->bytes) {
        request->full = 1;
        return;
    }
    uint8_t *to = (uint8_t *)request + at;
    struct nlattr header = {.nla_len = (uint16_t)(NLA_HDRLEN + length), .nla_type = (uint16_t)attribute};
    memcpy(to, &header, sizeof header);
    memcpy(to + NLA_HDRLEN, value, length);
    request->header.nlmsg_len = (uint32_t)(at + NLA_HDRLEN + NLA_ALIGN(length));
}

void nl_add_u32(struct nl_request *request, int attribute, uint32_t value)
{
    nl_add(request, attribute, &value, sizeof value);
}

int nl_open(int protocol)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return -errno;
    struct timeval second = {.tv_sec = 1};
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    int one = 1;
    /* Strict checking makes the kernel honour what a dump asks for; kernels before 4.20 lack it and lack nothing else we use. */
    (void)setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof one);
    /* An error need not bring the request back. */
    (void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int nl_walk(const void *buffer, size_t length, uint32_t sequence, nl_handler *handler, void *context, int *done)
{
    const uint8_t *at = buffer;
    int result = 0;
    while (length >= NLMSG_HDRLEN) {
        const struct nlmsghdr *message = (const struct nlmsghdr *)at;
        size_t bytes = message->nlmsg_len;
        if (bytes < NLMSG_HDRLEN || bytes > length)
            return result != 0 ? result : -EBADMSG;
        if (sequence == 0 || message->nlmsg_seq == sequence) {
            if (message->nlmsg_flags & NLM_F_DUMP_INTR)
                result = -EINTR;
            if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
                const int32_t *error = nl_fixed(message, sizeof *error);
                *done = 1;
                if (error != NULL && *error < 0 && result == 0)
                    result = *error;
                return result;
            }
            if (message->nlmsg_type == NLMSG_OVERRUN)
                result = -ENOBUFS;
            else if (message->nlmsg_type >= NLMSG_MIN_TYPE && result == 0)
                result = handler(message, context);
        }
        size_t step = NLMSG_ALIGN(bytes);
        if (step >= length)
            break;
        at += step;
        length -= step;
    }
    return result;
}

int nl_talk(int fd, struct nl_request *request, nl_handler *handler, void *context)
{
    static uint32_t sequences;
    if (request->full)
        return -EMSGSIZE;
    if ((request->header.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
        request->header.nlmsg_flags |= NLM_F_ACK; /* so that every exchange has an end to wait for */
    uint32_t sequence = __atomic_add_fetch(&sequences, 1, __ATOMIC_RELAXED);
    if (sequence == 0)
        sequence = __atomic_add_fetch(&sequences, 1, __ATOMIC_RELAXED);
    request->header.nlmsg_seq = sequence;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    while (sendto(fd, request->bytes, request->header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    uint8_t buffer[NL_BUFFER] __attribute__((aligned(8)));
    int result = 0, done = 0;
    while (!done) {
        struct sockaddr_nl from;
        socklen_t from_length = sizeof from;
        ssize_t n = recvfrom(fd, buffer, sizeof buffer, MSG_TRUNC, (struct sockaddr *)&from, &from_length);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN ? -ETIMEDOUT : -errno;
        }
        if (from_length != sizeof from || from.nl_pid != 0)
            continue; /* not from the kernel */
        if ((size_t)n > sizeof buffer)
            return -EMSGSIZE;
        /* After the handler stopped, the rest of the answer is read and dropped: the next request must not find it. */
        int r = nl_walk(buffer, (size_t)n, sequence, handler, context, &done);
        if (result == 0)
            result = r;
    }
    return result;
}

struct nl_attributes nl_attributes(const struct nlmsghdr *message, size_t fixed)
{
    size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);
    if (message->nlmsg_len < skip)
        return (struct nl_attributes){NULL, 0};
    return (struct nl_attributes){(const uint8_t *)message + skip, message->nlmsg_len - skip};
}

struct nl_attributes nl_nested(const struct nlattr *attribute)
{
    return (struct nl_attributes){nl_data(attribute), nl_length(attribute)};
}

const struct nlattr *nl_next(struct nl_attributes *attributes)
{
    if (attributes->left < (size_t)NLA_HDRLEN)
        return NULL;
    const struct nlattr *attribute = (const struct nlattr *)attributes->at;
    size_t length = attribute->nla_len;
    if (length < (size_t)NLA_HDRLEN || length > attributes->left)
        return NULL;
    size_t step = NLA_ALIGN(length);
    if (step > attributes->left)
        step = attributes->left;
    attributes->at += step;
    attributes->left -= step;
    return attribute;
}

void nl_text(const struct nlattr *attribute, char *out, size_t size)
{
    size_t n = strnlen(nl_data(attribute), nl_length(attribute));
    if (n >= size)
        n = size - 1;
    memcpy(out, nl_data(attribute), n);
    out[n] = 0;
}

void nl_bytes(const struct nlattr *attribute, void *out, size_t size)
{
    size_t n = nl_length(attribute);
    memset(out, 0, size);
    memcpy(out, nl_data(attribute), n < size ? n : size);
}
