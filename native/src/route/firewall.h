/* Whether rules of the host may apply to UDP over one IP version on one device. Each is conservative: what it cannot read may match. */
#ifndef ACCEL_ROUTE_FIREWALL_H
#define ACCEL_ROUTE_FIREWALL_H

#include "route/netlink.h"

#include <net/if.h>

struct firewall {
    char device[IFNAMSIZ]; /* zero-padded */
    int index;
    int ipv6;
    char what[256]; /* the rule, in words, when a check returns FIREWALL_MAY_MATCH */
};

enum { FIREWALL_CLEAR = 0, FIREWALL_MAY_MATCH = 1 };

/* Each: FIREWALL_CLEAR, FIREWALL_MAY_MATCH, or -errno where the kernel does not tell (EPERM: it wants CAP_NET_ADMIN). */
int firewall_nftables(struct firewall *firewall);
int firewall_iptables(struct firewall *firewall);
int firewall_tc(struct firewall *firewall);
int firewall_xfrm(struct firewall *firewall);
int firewall_bpf(struct firewall *firewall);

/* Reads a datagram of rules, or of chains, as if the kernel had sent it. */
int firewall_replay(struct firewall *firewall, int chains, const void *datagram, size_t length);

int firewall_report(struct firewall *firewall, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
