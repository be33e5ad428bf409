/* Neighbours: next hop to MAC, from the kernel's table, which stays the only one that resolves. */
#include "route/route.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

int neighbour_record(const struct nlmsghdr *message, int64_t *out)
{
    const struct ndmsg *neighbour = nl_fixed(message, sizeof *neighbour);
    if (neighbour == NULL || address_bytes(neighbour->ndm_family) == 0 || (neighbour->ndm_flags & NTF_PROXY))
        return 0;
    memset(out, 0, NEIGHBOUR_SLOTS * sizeof *out);
    /* A deleted entry is told with its last state. */
    out[NEIGHBOUR_STATE] = message->nlmsg_type == RTM_DELNEIGH ? NUD_NONE : neighbour->ndm_state;
    out[NEIGHBOUR_IFINDEX] = neighbour->ndm_ifindex;
    out[NEIGHBOUR_FAMILY] = neighbour->ndm_family;
    struct nl_attributes attributes = nl_attributes(message, sizeof *neighbour);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == NDA_DST) {
            nl_bytes(a, out + NEIGHBOUR_ADDRESS, 16);
        } else if (nl_type(a) == NDA_LLADDR && nl_length(a) == 6) {
            const uint8_t *mac = nl_data(a);
            for (int i = 0; i < 6; i++)
                out[NEIGHBOUR_MAC] = out[NEIGHBOUR_MAC] << 8 | mac[i];
        }
    }
    return 1;
}

int neighbour_answer(const struct nlmsghdr *message, void *context)
{
    if (message->nlmsg_type == RTM_NEWNEIGH)
        neighbour_record(message, context);
    return 0;
}

static int begin(struct nl_request *request, int type, int flags, int device, int family, const uint8_t *address, struct ndmsg **fixed)
{
    size_t bytes = address_bytes(family);
    if (bytes == 0)
        return -EAFNOSUPPORT;
    *fixed = nl_begin(request, type, flags, sizeof **fixed);
    (*fixed)->ndm_family = (uint8_t)family;
    (*fixed)->ndm_ifindex = device;
    nl_add(request, NDA_DST, address, bytes);
    return 0;
}

int neighbour_lookup(int fd, int device, int family, const uint8_t *address, int64_t *out)
{
    struct nl_request request;
    struct ndmsg *fixed;
    memset(out, 0, NEIGHBOUR_SLOTS * sizeof *out);
    int error = begin(&request, RTM_GETNEIGH, 0, device, family, address, &fixed);
    return error ? error : nl_talk(fd, &request, neighbour_answer, out);
}

int neighbour_use(int fd, int device, int family, const uint8_t *address)
{
    struct nl_request request;
    struct ndmsg *fixed;
    int64_t ignored[NEIGHBOUR_SLOTS];
    int error = begin(&request, RTM_NEWNEIGH, NLM_F_CREATE, device, family, address, &fixed);
    if (error)
        return error;
    fixed->ndm_flags = NTF_USE; /* net/core/neighbour.c neigh_add: as if a packet had been sent to it */
    return nl_talk(fd, &request, neighbour_answer, ignored);
}
