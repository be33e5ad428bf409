// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Keeps from the kernel what the simulated NIC's filters take. It runs after AF_PACKET has had its copy, as tcx programs do. */
#include <linux/bpf.h>
#include <linux/if_packet.h>

#include <bpf/bpf_helpers.h>

#include "match.h"

enum { TABLE = 512, ETHERNET = 14 };  /* MAX_FILTERS */
enum { TO_NEXT = -1, DROP = 2 };      /* enum tcx_action_base, Linux 6.6 */

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, TABLE);
    __type(key, __u32);
    __type(value, struct match);
} table SEC(".maps");

__u32 used;

struct search {
    struct match frame;
    __u32 found;
};

static long look(__u32 i, struct search *s)
{
    const struct match *filter = bpf_map_lookup_elem(&table, &i);
    if (filter == 0)
        return 1;
    s->found = filter->fields != 0 && match_filter(filter, &s->frame);
    return s->found;
}

SEC("tc")
int sim_steal(struct __sk_buff *skb)
{
    struct search s = {};
    __u8 ethernet[ETHERNET];
    if (skb->pkt_type == PACKET_OTHERHOST || bpf_skb_load_bytes(skb, 0, ethernet, ETHERNET) != 0)
        return TO_NEXT;
    __builtin_memcpy(s.frame.mac, ethernet, 6);
    __builtin_memcpy(&s.frame.ether_type, ethernet + 12, 2);
    s.frame.fields = MATCH_ANYTHING | MATCH_MAC | MATCH_ETHER_TYPE | (ethernet[0] & 1 ? MATCH_MULTICAST : MATCH_UNICAST);
    if (skb->vlan_present) {
        s.frame.vlan = skb->vlan_tci & 0xfff;
        s.frame.fields |= MATCH_VLAN;
    }
#define LOAD(offset, to, bytes) bpf_skb_load_bytes(skb, (offset), (to), (bytes))
    MATCH_PARSE_L3(&s.frame, ETHERNET, LOAD);
    bpf_loop(used < TABLE ? used : TABLE, look, &s, 0);
    return s.found ? DROP : TO_NEXT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
