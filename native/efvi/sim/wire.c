/* The cable: an AF_PACKET socket on the interface. What the kernel keeps beside a packet is put back where the cable would have it. */
#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAC_BYTES = 12, TAG_BYTES = 4, SHORTEST_FRAME = 60, WIRE_BUFFER = 16 << 20 };

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

static int option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value) == 0 ? 0 : -errno;
}

int sim_wire_open(const struct sim_nic *nic, bool receive)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int error = option(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
    if (error == 0)
        error = option(fd, SOL_PACKET, PACKET_AUXDATA, 1);
    if (error == 0)
        error = option(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
    if (error == 0)
        error = option(fd, SOL_SOCKET, SO_RCVBUFFORCE, WIRE_BUFFER);
    if (error == -EPERM) /* without CAP_NET_ADMIN, which the real NIC's user need not have: as much as rmem_max lets it */
        error = option(fd, SOL_SOCKET, SO_RCVBUF, WIRE_BUFFER);
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = receive ? htons(ETH_P_ALL) : 0, .sll_ifindex = nic->index,
    };
    if (error == 0 && bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        error = -errno;
    if (error) {
        close(fd);
        return error;
    }
    return fd;
}

static uint32_t sum(const uint8_t *p, size_t bytes, uint32_t start)
{
    uint64_t s = start;
    for (size_t i = 0; i < bytes; i++)
        s += i & 1 ? p[i] : (uint32_t)p[i] << 8;
    while (s >> 16)
        s = (s & 0xffff) + (s >> 16);
    return (uint32_t)s;
}

static void put16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

/* A sender on this host leaves the checksum to its NIC, which a veth pair has none of: the pseudo-header's sum is in its place. */
static void complete_checksum(uint8_t *frame, size_t bytes, const struct virtio_net_hdr *h)
{
    const size_t start = h->csum_start, at = start + h->csum_offset;
    if ((h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) && at + 2 <= bytes) {
        const uint32_t value = ~sum(frame + start, bytes - start, 0) & 0xffff;
        put16(frame + at, value == 0 ? 0xffff : value);
    }
}

static size_t restore_tag(uint8_t *frame, size_t bytes, struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        struct tpacket_auxdata aux;
        if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
            continue;
        memcpy(&aux, CMSG_DATA(c), sizeof aux);
        if ((aux.tp_status & TP_STATUS_VLAN_VALID) && bytes + TAG_BYTES <= LONGEST_FRAME) {
            memmove(frame + MAC_BYTES + TAG_BYTES, frame + MAC_BYTES, bytes - MAC_BYTES);
            put16(frame + MAC_BYTES, aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : ETH_P_8021Q);
            put16(frame + MAC_BYTES + 2, aux.tp_vlan_tci);
            bytes += TAG_BYTES;
        }
    }
    return bytes;
}

int sim_wire_watch_sends(int wire, bool on)
{
    return option(wire, SOL_PACKET, PACKET_IGNORE_OUTGOING, !on);
}

int sim_wire_receive(int wire, uint8_t *frame, enum towards *towards)
{
    struct virtio_net_hdr header;
    struct sockaddr_ll from;
    char control[256];
    struct iovec parts[] = {{&header, sizeof header}, {frame, LONGEST_FRAME}};
    struct msghdr message = {
        .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = parts, .msg_iovlen = 2,
        .msg_control = control, .msg_controllen = sizeof control,
    };
    const ssize_t n = recvmsg(wire, &message, MSG_DONTWAIT);
    if (n < 0)
        return -errno;
    size_t bytes = (size_t)n < sizeof header ? 0 : (size_t)n - sizeof header;
    /* A train that the sender left its NIC to cut would never reach another NIC whole. */
    *towards = from.sll_pkttype == PACKET_OTHERHOST ? TO_OTHERS : from.sll_pkttype == PACKET_OUTGOING ? OUTGOING : TO_US;
    if (bytes <= ETH_HLEN || header.gso_type != VIRTIO_NET_HDR_GSO_NONE)
        return 0;
    complete_checksum(frame, bytes, &header);
    return (int)restore_tag(frame, bytes, &message);
}

/* What the NIC fills in on the way out: the IPv4 header's checksum, and that of UDP or TCP in a whole datagram. */
static void insert_checksums(uint8_t *frame, size_t bytes)
{
    uint8_t *ip = frame + ETH_HLEN, *l4;
    size_t l4_bytes;
    uint32_t pseudo;
    if (bytes >= ETH_HLEN + 20 && frame[12] == 8 && frame[13] == 0) {
        const size_t header = (size_t)(ip[0] & 15) * 4, total = (size_t)ip[2] << 8 | ip[3];
        if (total > bytes - ETH_HLEN || header > total)
            return;
        put16(ip + 10, 0);
        put16(ip + 10, ~sum(ip, header, 0) & 0xffff);
        if ((ip[6] & 0x3f) != 0 || ip[7] != 0)
            return;
        l4 = ip + header;
        l4_bytes = total - header;
        pseudo = sum(ip + 12, 8, (uint32_t)(ip[9] + l4_bytes));
        ip += 9;
    } else if (bytes >= ETH_HLEN + 40 && frame[12] == 0x86 && frame[13] == 0xdd) {
        l4 = ip + 40;
        l4_bytes = (size_t)ip[4] << 8 | ip[5];
        if (l4_bytes > bytes - ETH_HLEN - 40)
            return;
        pseudo = sum(ip + 8, 32, (uint32_t)(ip[6] + l4_bytes));
        ip += 6;
    } else {
        return;
    }
    const size_t at = *ip == MATCH_UDP ? 6 : *ip == MATCH_TCP ? 16 : l4_bytes;
    if (at + 2 > l4_bytes)
        return;
    put16(l4 + at, 0);
    const uint32_t value = ~sum(l4, l4_bytes, pseudo) & 0xffff;
    put16(l4 + at, value == 0 && *ip == MATCH_UDP ? 0xffff : value);
}

void sim_wire_send(int wire, uint8_t *frame, size_t bytes, bool checksums)
{
    struct virtio_net_hdr header;
    memset(&header, 0, sizeof header);
    if (checksums)
        insert_checksums(frame, bytes);
    if (bytes < SHORTEST_FRAME) {
        memset(frame + bytes, 0, SHORTEST_FRAME - bytes);
        bytes = SHORTEST_FRAME;
    }
    struct iovec parts[] = {{&header, sizeof header}, {frame, bytes}};
    ssize_t n;
    do
        n = writev(wire, parts, 2);
    while (n < 0 && (errno == ENOBUFS || errno == EAGAIN)); /* a NIC waits for its cable */
}
