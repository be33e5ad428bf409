/* Devices and local addresses. */
#include "route/route.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

_Static_assert(IFNAMSIZ == 16, "a device's name fills two slots");

static void read_vlan(const struct nlattr *data, int64_t *out)
{
    struct nl_attributes inner = nl_nested(data);
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == IFLA_VLAN_ID && nl_length(a) >= sizeof(uint16_t)) {
            uint16_t id;
            memcpy(&id, nl_data(a), sizeof id);
            out[LINK_VLAN] = id;
        }
    }
}

static void read_kind(const struct nlattr *info, int64_t *out)
{
    struct nl_attributes inner = nl_nested(info);
    const struct nlattr *data = NULL;
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == IFLA_INFO_KIND)
            nl_text(a, (char *)(out + LINK_KIND), 16);
        else if (nl_type(a) == IFLA_INFO_DATA)
            data = a;
    }
    if (data != NULL && strcmp((const char *)(out + LINK_KIND), "vlan") == 0)
        read_vlan(data, out);
}

static void read_xdp(const struct nlattr *xdp, int64_t *out)
{
    struct nl_attributes inner = nl_nested(xdp);
    for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
        if (nl_type(a) == IFLA_XDP_ATTACHED && nl_length(a) >= 1)
            out[LINK_XDP] = *(const uint8_t *)nl_data(a);
    }
}

/* What router advertisements and sysctls may have set apart from the device: net/ipv6/addrconf.c, inet6_fill_ifla6_attrs. */
static void read_ipv6(const struct nlattr *families, int64_t *out)
{
    struct nl_attributes family = nl_nested(families);
    for (const struct nlattr *f; (f = nl_next(&family)) != NULL;) {
        if (nl_type(f) != AF_INET6)
            continue;
        struct nl_attributes inner = nl_nested(f);
        for (const struct nlattr *a; (a = nl_next(&inner)) != NULL;) {
            int32_t values[DEVCONF_MTU6 + 1];
            if (nl_type(a) != IFLA_INET6_CONF || nl_length(a) < sizeof values)
                continue;
            nl_bytes(a, values, sizeof values);
            out[LINK_HOP_LIMIT] = values[DEVCONF_HOPLIMIT];
            out[LINK_IPV6_MTU] = values[DEVCONF_MTU6];
        }
    }
}

int link_answer(const struct nlmsghdr *message, void *context)
{
    const struct ifinfomsg *link = nl_fixed(message, sizeof *link);
    if (message->nlmsg_type != RTM_NEWLINK || link == NULL)
        return 0;
    int64_t *out = next_record(context);
    if (out == NULL)
        return 0;
    out[LINK_IFINDEX] = link->ifi_index;
    out[LINK_FLAGS] = link->ifi_flags;
    out[LINK_TYPE] = link->ifi_type;
    out[LINK_VLAN] = -1;
    struct nl_attributes attributes = nl_attributes(message, sizeof *link);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        switch (nl_type(a)) {
        case IFLA_MTU:
            out[LINK_MTU] = nl_u32(a);
            break;
        case IFLA_MASTER:
            out[LINK_MASTER] = nl_u32(a);
            break;
        case IFLA_LINK:
            out[LINK_LOWER] = nl_u32(a);
            break;
        case IFLA_IFNAME:
            nl_text(a, (char *)(out + LINK_NAME), IFNAMSIZ);
            break;
        case IFLA_ADDRESS:
            if (nl_length(a) == 6) {
                const uint8_t *mac = nl_data(a);
                for (int i = 0; i < 6; i++)
                    out[LINK_MAC] = out[LINK_MAC] << 8 | mac[i];
            }
            break;
        case IFLA_LINKINFO:
            read_kind(a, out);
            break;
        case IFLA_AF_SPEC:
            read_ipv6(a, out);
            break;
        case IFLA_XDP:
            read_xdp(a, out);
            break;
        default:
            break;
        }
    }
    return 0;
}

static void begin(struct nl_request *request, int flags, int device)
{
    struct ifinfomsg *link = nl_begin(request, RTM_GETLINK, flags, sizeof *link);
    link->ifi_index = device;
}

static int one(int fd, struct nl_request *request, int64_t *out)
{
    struct records records = {.out = out, .max = 1, .slots = LINK_SLOTS};
    int error = nl_talk(fd, request, link_answer, &records);
    return error != 0 ? error : records.count == 0 ? -ENODEV : 0;
}

int link_by_index(int fd, int device, int64_t *out)
{
    struct nl_request request;
    begin(&request, 0, device);
    nl_add_u32(&request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return one(fd, &request, out);
}

int link_by_name(int fd, const char *name, int64_t *out)
{
    struct nl_request request;
    if (strlen(name) >= IFNAMSIZ)
        return -ENODEV;
    begin(&request, 0, 0);
    nl_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
    nl_add_u32(&request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return one(fd, &request, out);
}

int link_list(int fd, struct records *records)
{
    struct nl_request request;
    begin(&request, NLM_F_DUMP, 0);
    nl_add_u32(&request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    records->slots = LINK_SLOTS;
    return nl_talk(fd, &request, link_answer, records);
}

int address_answer(const struct nlmsghdr *message, void *context)
{
    const struct ifaddrmsg *address = nl_fixed(message, sizeof *address);
    if (message->nlmsg_type != RTM_NEWADDR || address == NULL || address_bytes(address->ifa_family) == 0)
        return 0;
    int64_t *out = next_record(context);
    if (out == NULL)
        return 0;
    out[ADDRESS_IFINDEX] = address->ifa_index;
    out[ADDRESS_FAMILY] = address->ifa_family;
    out[ADDRESS_PREFIX] = address->ifa_prefixlen;
    out[ADDRESS_SCOPE] = address->ifa_scope;
    out[ADDRESS_FLAGS] = address->ifa_flags;
    struct nl_attributes attributes = nl_attributes(message, sizeof *address);
    const struct nlattr *local = NULL, *any = NULL;
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == IFA_LOCAL)
            local = a; /* on a point-to-point device IFA_ADDRESS is the peer's */
        else if (nl_type(a) == IFA_ADDRESS)
            any = a;
        else if (nl_type(a) == IFA_FLAGS)
            out[ADDRESS_FLAGS] = nl_u32(a);
    }
    if (local == NULL)
        local = any;
    if (local != NULL)
        nl_bytes(local, out + ADDRESS_VALUE, 16);
    return 0;
}

int address_list(int fd, struct records *records)
{
    struct nl_request request;
    struct ifaddrmsg *fixed = nl_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof *fixed);
    fixed->ifa_family = AF_UNSPEC;
    records->slots = ADDRESS_SLOTS;
    return nl_talk(fd, &request, address_answer, records);
}
