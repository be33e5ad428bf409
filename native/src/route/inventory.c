/* Other sockets of a UDP port, by sock_diag (linux/inet_diag.h). Whoever may open a socket may ask. */
#include "route/route.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct search {
    struct records *records;
    uint16_t port; /* network order */
};

static int inventory_answer(const struct nlmsghdr *message, void *context)
{
    struct search *search = context;
    const struct inet_diag_msg *socket = nl_fixed(message, sizeof *socket);
    if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY || socket == NULL || address_bytes(socket->idiag_family) == 0
        || socket->id.idiag_sport != search->port)
        return 0;
    int64_t *out = next_record(search->records);
    if (out == NULL)
        return 0;
    out[SOCKET_INODE] = socket->idiag_inode;
    out[SOCKET_FAMILY] = socket->idiag_family;
    out[SOCKET_REMOTE_PORT] = ntohs(socket->id.idiag_dport);
    out[SOCKET_IFINDEX] = socket->id.idiag_if;
    out[SOCKET_USER] = socket->idiag_uid;
    memcpy(out + SOCKET_LOCAL, socket->id.idiag_src, 16);
    memcpy(out + SOCKET_REMOTE, socket->id.idiag_dst, 16);
    struct nl_attributes attributes = nl_attributes(message, sizeof *socket);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == INET_DIAG_SKV6ONLY && nl_length(a) >= 1)
            out[SOCKET_V6ONLY] = *(const uint8_t *)nl_data(a) != 0;
    }
    return 0;
}

static int dump(int fd, int family, struct search *search)
{
    struct nl_request request;
    struct inet_diag_req_v2 *fixed = nl_begin(&request, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof *fixed);
    fixed->sdiag_family = (uint8_t)family;
    fixed->sdiag_protocol = IPPROTO_UDP;
    fixed->idiag_states = UINT32_MAX;
    fixed->id.idiag_sport = search->port; /* net/ipv4/udp_diag.c udp_dump tells only these */
    return nl_talk(fd, &request, inventory_answer, search);
}

int inventory_list(int fd, int port, struct records *records)
{
    struct search search = {.records = records, .port = htons((uint16_t)port)};
    records->slots = SOCKET_SLOTS;
    int error = dump(fd, AF_INET, &search);
    if (error == 0)
        error = dump(fd, AF_INET6, &search);
    return error == -EAFNOSUPPORT ? 0 : error;
}

int inventory_replay(const void *datagram, size_t length, int port, struct records *records)
{
    struct search search = {.records = records, .port = htons((uint16_t)port)};
    int done = 0;
    records->slots = SOCKET_SLOTS;
    return nl_walk(datagram, length, 0, inventory_answer, &search, &done);
}
