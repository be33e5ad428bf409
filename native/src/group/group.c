/*
 * io.accel.udp.group.GroupNatives: what a kernel socket does with groups, and the tagged copies that tell datagrams which went by
 * shared memory as well from those that did not.
 *
 * A tagged copy carries a full record-route option (RFC 791 §3.1) whose only address is the tag. The kernel lets anybody send it
 * (net/ipv4/ip_options.c, ip_options_compile: a record route that has no room left is not touched), no socket sees it that has not
 * asked for IP_RECVOPTS, and a classic filter can. It is only ever sent on the loopback interface.
 */
#include "core/tables.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#ifndef IP_MULTICAST_ALL
#define IP_MULTICAST_ALL 49
#endif
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

enum {
    HEADER_WITH_TAG = 0x47,   /* version 4, 7 words: 20 bytes and the option's 8 */
    RECORD_ROUTE = 7,
    OPTION_BYTES = 7,
    POINTER_PAST_END = 8,
    GROUPS_MAX = 250,         /* jump offsets are bytes */
    PROLOGUE = 7,
};

/* The option's first four bytes, and its last four, as a filter loads them. */
#define TAG_HIGH(tag) ((uint32_t)RECORD_ROUTE << 24 | OPTION_BYTES << 16 | POINTER_PAST_END << 8 | (uint32_t)(tag) >> 24)
#define TAG_LOW(tag) ((uint32_t)(tag) << 8)

static int option(int fd, int level, int name, int *value)
{
    socklen_t length = sizeof *value;
    *value = 0;
    return getsockopt(fd, level, name, value, &length) == 0 ? 0 : -errno;
}

/* Five ints: the address of IP_MULTICAST_IF in host order or the index of IPV6_MULTICAST_IF, the other 0; TTL or hops, LOOP, ALL. */
static jint options(JNIEnv *env, jclass c, jint fd, jboolean ipv6, jlong out)
{
    (void)env; (void)c;
    int *value = pointer(out);
    struct in_addr interface = {0};
    socklen_t length = sizeof interface;
    value[0] = value[1] = 0;
    int error = ipv6 ? option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &value[1])
        : getsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, &length) == 0 ? 0 : -errno;
    if (!ipv6)
        value[0] = (int)ntohl(interface.s_addr);
    const int level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
    if (error == 0)
        error = option(fd, level, ipv6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL, &value[2]);
    if (error == 0)
        error = option(fd, level, ipv6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP, &value[3]);
    return error != 0 ? error : option(fd, level, ipv6 ? IPV6_MULTICAST_ALL : IP_MULTICAST_ALL, &value[4]);
}

/* Has the socket not receive tagged copies to these groups; no group: it receives all again. */
static jint drop_copies(JNIEnv *env, jclass c, jint fd, jint tag, jlong groups, jint count)
{
    (void)env; (void)c;
    if (count == 0)
        return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &count, sizeof count) == 0 || errno == ENOENT ? 0 : -errno;
    if (count < 0 || count > GROUPS_MAX)
        return -E2BIG;
    const uint32_t *group = pointer(groups);
    struct sock_filter code[PROLOGUE + GROUPS_MAX + 2];
    const uint8_t accept = (uint8_t)count;
    const struct sock_filter prologue[PROLOGUE] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)SKF_NET_OFF),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HEADER_WITH_TAG, 0, (uint8_t)(accept + 5)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 20),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TAG_HIGH(tag), 0, (uint8_t)(accept + 3)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 24),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TAG_LOW(tag), 0, (uint8_t)(accept + 1)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 16 /* destination */),
    };
    memcpy(code, prologue, sizeof prologue);
    for (int i = 0; i < count; i++)
        code[PROLOGUE + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, group[i], (uint8_t)(count - i), 0);
    code[PROLOGUE + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
    code[PROLOGUE + count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {.len = (unsigned short)(PROLOGUE + count + 2), .filter = code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0 : -errno;
}

/* Sends a tagged copy: bytes, or -errno. The group is in host order. */
static jint send_copy(JNIEnv *env, jclass c, jint fd, jint tag, jint group, jint port, jlong payload, jint length)
{
    (void)env; (void)c;
    const uint32_t high = htonl(TAG_HIGH(tag)), low = htonl(TAG_LOW(tag));
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(8)];
    } control;
    memset(&control, 0, sizeof control);
    control.header = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_RETOPTS, .cmsg_len = CMSG_LEN(8)};
    memcpy(CMSG_DATA(&control.header), &high, 4);
    memcpy(CMSG_DATA(&control.header) + 4, &low, 4);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl((uint32_t)group)};
    struct iovec data = {.iov_base = pointer(payload), .iov_len = (size_t)length};
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : (jint)sent;
}

static const JNINativeMethod methods[] = {
    METHOD("options", "(IZJ)I", options),
    METHOD("dropCopies", "(IIJI)I", drop_copies),
    METHOD("sendCopy", "(IIIIJI)I", send_copy),
};

const struct method_table group_table = TABLE("group", methods);
