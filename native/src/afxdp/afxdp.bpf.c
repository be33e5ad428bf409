/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Steals exactly the filtered UDP datagrams for the AF_XDP socket of their queue; everything else goes on to the kernel. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "steering.h"

#define IP_FRAGMENT 0x3fff /* more fragments, or an offset: include/net/ip.h */

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __uint(max_entries, STEERING_QUEUES);
    __type(key, __u32);
    __type(value, __u32);
} sockets SEC(".maps");

/* By local port in network order: what there is to compare with, so that the usual datagram needs no hashing (70 to 46 ns). */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 65536);
    __type(key, __u32);
    __type(value, struct port_entry);
} ports SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, STEERING_FILTERS);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct local_filter);
    __type(value, __u32);
} locals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, STEERING_FILTERS);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct full_filter);
    __type(value, __u32);
} fulls SEC(".maps");

/* Written from outside while the program runs: the longest frame that a buffer takes, and our MAC address. */
__u32 frame_limit;
__u8 mac[8];

static __always_inline int is_ours(const struct ethhdr *eth)
{
    return *(const __u32 *)eth->h_dest == *(volatile __u32 *)mac
        && *(const __u16 *)(eth->h_dest + 4) == *(volatile __u16 *)(mac + 4);
}

/* Sources that no other host may have (net/ipv4/route.c, ip_route_input_slow), or by a setting only: the kernel decides and counts. */
static __always_inline int is_martian(__be32 source)
{
    const __u32 first = *(const __u8 *)&source;
    return source == 0 || first == 127 || (first & 0xf0) == 224 || source == 0xffffffff;
}

/* The address that a group's frames carry (RFC 1112 6.4, RFC 2464 7): what else a switch lets through is the kernel's to judge. */
static __always_inline int is_group_frame(const struct ethhdr *eth, __be32 group)
{
    const __be32 low = group & bpf_htonl(0x007fffff);
    const __u8 *mapped = (const __u8 *)&low;
    return eth->h_dest[0] == 0x01 && eth->h_dest[1] == 0x00 && eth->h_dest[2] == 0x5e && eth->h_dest[3] == mapped[1]
        && eth->h_dest[4] == mapped[2] && eth->h_dest[5] == mapped[3];
}

static __always_inline int is_group_frame6(const struct ethhdr *eth, const struct in6_addr *group)
{
    const __u8 *mapped = (const __u8 *)group + 12;
    return eth->h_dest[0] == 0x33 && eth->h_dest[1] == 0x33 && eth->h_dest[2] == mapped[0] && eth->h_dest[3] == mapped[1]
        && eth->h_dest[4] == mapped[2] && eth->h_dest[5] == mapped[3];
}

static __always_inline int is_group(__be32 address)
{
    return (address & bpf_htonl(0xf0000000)) == bpf_htonl(0xe0000000);
}

/* A frame may be padded, never shorter than its headers say. */
static __always_inline int is_whole(__u32 frame_bytes, __u32 headers, __u32 udp_bytes)
{
    return udp_bytes >= sizeof(struct udphdr) && frame_bytes >= headers + udp_bytes
        && frame_bytes <= *(volatile __u32 *)&frame_limit;
}

/*
 * Over IPv6. Extension headers, fragments among them, leave the next header other than UDP. ::/64 holds the unspecified, the loopback and
 * the IPv4-mapped addresses, which the kernel judges; so the last cannot be taken for IPv4 in the tables.
 */
static __always_inline int steal_ipv6(struct xdp_md *ctx, void *data, void *end)
{
    const struct ethhdr *eth = data;
    const struct ipv6hdr *ip = (void *)(eth + 1);
    const struct udphdr *udp = (void *)(ip + 1);
    if ((void *)(udp + 1) > end || ip->version != 6 || ip->nexthdr != IPPROTO_UDP)
        return XDP_PASS;
    const __u32 port = udp->dest;
    const struct port_entry *held = bpf_map_lookup_elem(&ports, &port);
    if (!held || held->ipv6 == PORT_EMPTY
        || !(*(const __u8 *)&ip->daddr == 0xff ? is_group_frame6(eth, &ip->daddr) : is_ours(eth)))
        return XDP_PASS;
    if (udp->len != ip->payload_len || !is_whole((__u32)(end - data), sizeof *eth + sizeof *ip, bpf_ntohs(udp->len)))
        return XDP_PASS;
    struct full_filter full = {.local = {.port = udp->dest, .protocol = IPPROTO_UDP}, .remote_port = udp->source};
    __builtin_memcpy(full.local.address, &ip->daddr, sizeof full.local.address);
    __builtin_memcpy(full.remote, &ip->saddr, sizeof full.remote);
    if ((full.remote[0] | full.remote[1]) == 0 || (full.local.address[0] | full.local.address[1]) == 0
        || *(const __u8 *)&ip->saddr == 0xff)
        return XDP_PASS;
    if (!bpf_map_lookup_elem(&locals, &full.local) && !bpf_map_lookup_elem(&fulls, &full))
        return XDP_PASS;
    return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
}

SEC("xdp") int accel_steal(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    struct iphdr *ip = (void *)(eth + 1);
    struct udphdr *udp = (void *)(ip + 1);
    if ((void *)(udp + 1) > end)
        return XDP_PASS;
    if (eth->h_proto == bpf_htons(ETH_P_IPV6))
        return steal_ipv6(ctx, data, end);
    if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->version != 4 || ip->ihl != 5 || ip->protocol != IPPROTO_UDP
        || (ip->frag_off & bpf_htons(IP_FRAGMENT)))
        return XDP_PASS;
    const __u32 port = udp->dest;
    const struct port_entry *held = bpf_map_lookup_elem(&ports, &port);
    if (!held || held->ipv4 == PORT_EMPTY || !(is_group(ip->daddr) ? is_group_frame(eth, ip->daddr) : is_ours(eth))
        || is_martian(ip->saddr))
        return XDP_PASS;
    const __u32 udp_bytes = bpf_ntohs(udp->len);
    if (bpf_ntohs(ip->tot_len) != sizeof *ip + udp_bytes || !is_whole((__u32)(end - data), sizeof *eth + sizeof *ip, udp_bytes))
        return XDP_PASS;
    if (held->ipv4 == ip->daddr)
        return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
    if (held->ipv4 != PORT_IN_TABLES)
        return XDP_PASS;
    struct full_filter full = {.local = {.address = IPV4_IN_IPV6(ip->daddr), .port = udp->dest, .protocol = IPPROTO_UDP}};
    if (bpf_map_lookup_elem(&locals, &full.local))
        return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
    full.remote[2] = bpf_htonl(0xffff);
    full.remote[3] = ip->saddr;
    full.remote_port = udp->source;
    if (!bpf_map_lookup_elem(&fulls, &full))
        return XDP_PASS;
    return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
