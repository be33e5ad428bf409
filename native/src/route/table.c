/* io.accel.udp.route.RouteNatives: addresses are raw, results are values or negated errno. Records: route.h. */
#include "core/tables.h"
#include "route/firewall.h"
#include "route/route.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/stat.h>

static jint open_route(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return nl_open(NETLINK_ROUTE);
}

static jint open_inventory(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return nl_open(NETLINK_SOCK_DIAG);
}

static jint open_events(JNIEnv *env, jclass c, jint receive_buffer)
{
    (void)env; (void)c;
    return events_open(receive_buffer);
}

static jint drain_events(JNIEnv *env, jclass c, jint fd, jlong out, jint max, jlong count)
{
    (void)env; (void)c;
    struct records neighbours = {.out = pointer(out), .max = max};
    int bits = events_drain(fd, &neighbours);
    *(jint *)pointer(count) = neighbours.count < max ? neighbours.count : max;
    return bits;
}

static jint lookup_route(JNIEnv *env, jclass c, jint fd, jint family, jlong destination, jlong source, jint source_port,
    jint destination_port, jint tos, jint device, jlong out)
{
    (void)env; (void)c;
    struct route_question question = {
        .family = family, .source_port = source_port, .destination_port = destination_port, .tos = tos, .device = device,
        .destination = pointer(destination), .source = pointer(source),
    };
    return route_lookup(fd, &question, pointer(out));
}

static jint lookup_arrival(JNIEnv *env, jclass c, jint fd, jint family, jlong destination, jlong source, jint device, jlong out)
{
    (void)env; (void)c;
    struct route_question question = {
        .family = family, .arrival = device, .destination = pointer(destination), .source = pointer(source),
    };
    return route_lookup(fd, &question, pointer(out));
}

static jint lookup_neighbour(JNIEnv *env, jclass c, jint fd, jint device, jint family, jlong address, jlong out)
{
    (void)env; (void)c;
    return neighbour_lookup(fd, device, family, pointer(address), pointer(out));
}

static jint use_neighbour(JNIEnv *env, jclass c, jint fd, jint device, jint family, jlong address)
{
    (void)env; (void)c;
    return neighbour_use(fd, device, family, pointer(address));
}

static jint device_by_index(JNIEnv *env, jclass c, jint fd, jint device, jlong out)
{
    (void)env; (void)c;
    return link_by_index(fd, device, pointer(out));
}

static jint device_by_name(JNIEnv *env, jclass c, jint fd, jstring name, jlong out)
{
    (void)c;
    char text[64];
    jsize bytes = (*env)->GetStringUTFLength(env, name);
    if (bytes <= 0 || (size_t)bytes >= sizeof text)
        return -ENODEV;
    (*env)->GetStringUTFRegion(env, name, 0, (*env)->GetStringLength(env, name), text);
    text[bytes] = 0;
    return link_by_name(fd, text, pointer(out));
}

/* The number of records, of which at most `max` were written; or -errno. */
static jint devices(JNIEnv *env, jclass c, jint fd, jlong out, jint max)
{
    (void)env; (void)c;
    struct records records = {.out = pointer(out), .max = max};
    int error = link_list(fd, &records);
    return error != 0 ? error : records.count;
}

static jint addresses(JNIEnv *env, jclass c, jint fd, jlong out, jint max)
{
    (void)env; (void)c;
    struct records records = {.out = pointer(out), .max = max};
    int error = address_list(fd, &records);
    return error != 0 ? error : records.count;
}

static jint sockets(JNIEnv *env, jclass c, jint fd, jint port, jlong out, jint max)
{
    (void)env; (void)c;
    struct records records = {.out = pointer(out), .max = max};
    int error = inventory_list(fd, port, &records);
    return error != 0 ? error : records.count;
}

static jlong socket_inode(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    struct stat st;
    if (fstat(fd, &st) != 0)
        return -errno;
    return S_ISSOCK(st.st_mode) ? (jlong)st.st_ino : -ENOTSOCK;
}

static jint firewall(JNIEnv *env, jclass c, jint check, jstring device, jint index, jboolean ipv6, jlong text, jint size)
{
    (void)c;
    static int (*const checks[])(struct firewall *) = {
        firewall_nftables, firewall_iptables, firewall_tc, firewall_xfrm, firewall_bpf,
    };
    struct firewall firewall = {.index = index, .ipv6 = ipv6};
    jsize bytes = (*env)->GetStringUTFLength(env, device);
    if (check < 0 || (size_t)check >= sizeof checks / sizeof checks[0] || bytes <= 0 || (size_t)bytes >= sizeof firewall.device)
        return -EINVAL;
    char name[IFNAMSIZ * 4] = ""; /* GetStringUTFRegion may write a terminator */
    (*env)->GetStringUTFRegion(env, device, 0, (*env)->GetStringLength(env, device), name);
    memcpy(firewall.device, name, (size_t)bytes);
    int result = checks[check](&firewall);
    snprintf(pointer(text), (size_t)size, "%s", firewall.what);
    return result;
}

/* Reads a datagram as if the kernel had sent it; for tests of what garbage does. */
static jint replay(JNIEnv *env, jclass c, jint kind, jlong datagram, jint length, jlong out, jint max)
{
    (void)env; (void)c;
    struct records records = {.out = pointer(out), .max = max};
    struct event_context events = {.neighbours = &records};
    int done = 0;
    switch (kind) {
    case 0:
        return max < 1 ? -EINVAL : nl_walk(pointer(datagram), (size_t)length, 0, route_answer, pointer(out), &done);
    case 1:
        return max < 1 ? -EINVAL : nl_walk(pointer(datagram), (size_t)length, 0, neighbour_answer, pointer(out), &done);
    case 2:
        records.slots = LINK_SLOTS;
        return nl_walk(pointer(datagram), (size_t)length, 0, link_answer, &records, &done);
    case 3:
        records.slots = ADDRESS_SLOTS;
        return nl_walk(pointer(datagram), (size_t)length, 0, address_answer, &records, &done);
    case 4:
        records.slots = NEIGHBOUR_SLOTS;
        return nl_walk(pointer(datagram), (size_t)length, 0, event_message, &events, &done);
    case 5:
        return inventory_replay(pointer(datagram), (size_t)length, 0x0707, &records);
    case 6:
    case 7:
        return firewall_replay(&(struct firewall){.device = "lo", .index = 1}, kind == 6, pointer(datagram), (size_t)length);
    default:
        return -EINVAL;
    }
}

static const JNINativeMethod methods[] = {
    METHOD("openRoute", "()I", open_route),
    METHOD("openInventory", "()I", open_inventory),
    METHOD("openEvents", "(I)I", open_events),
    METHOD("drainEvents", "(IJIJ)I", drain_events),
    METHOD("lookupRoute", "(IIJJIIIIJ)I", lookup_route),
    METHOD("lookupArrival", "(IIJJIJ)I", lookup_arrival),
    METHOD("lookupNeighbour", "(IIIJJ)I", lookup_neighbour),
    METHOD("useNeighbour", "(IIIJ)I", use_neighbour),
    METHOD("deviceByIndex", "(IIJ)I", device_by_index),
    METHOD("deviceByName", "(ILjava/lang/String;J)I", device_by_name),
    METHOD("devices", "(IJI)I", devices),
    METHOD("addresses", "(IJI)I", addresses),
    METHOD("sockets", "(IIJI)I", sockets),
    METHOD("firewall", "(ILjava/lang/String;IZJI)I", firewall),
    METHOD("socketInode", "(I)J", socket_inode),
    METHOD("replay", "(IJIJI)I", replay),
};

const struct method_table route_table = TABLE("route", methods);
