/* What else sees datagrams that go through the kernel: traffic control, IPsec policies, BPF programs of the device and the cgroup. */
#include "route/firewall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TCX_INGRESS = 46, TCX_EGRESS = 47 /* BPF_TCX_, Linux 6.6 */ };

int firewall_report(struct firewall *firewall, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(firewall->what, sizeof firewall->what, format, arguments);
    va_end(arguments);
    return FIREWALL_MAY_MATCH;
}

struct queueing {
    struct firewall *firewall;
    uint32_t hooks[2]; /* parents whose filters must be listed */
    int count;
};

/* Queueing disciplines that neither drop by rule, nor shape, nor change a packet. */
static int is_plain(const char *kind)
{
    static const char *const kinds[] = {
        "noqueue", "mq", "mqprio", "multiq", "pfifo_fast", "pfifo", "bfifo", "pfifo_head_drop", "fq", "fq_codel", "codel", "sfq",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i]) == 0)
            return 1;
    }
    return 0;
}

static int qdisc_answer(const struct nlmsghdr *message, void *context)
{
    struct queueing *queueing = context;
    const struct tcmsg *fixed = nl_fixed(message, sizeof *fixed);
    if (message->nlmsg_type != RTM_NEWQDISC || fixed == NULL || fixed->tcm_ifindex != queueing->firewall->index)
        return 0;
    char kind[32] = "";
    struct nl_attributes attributes = nl_attributes(message, sizeof *fixed);
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == TCA_KIND)
            nl_text(a, kind, sizeof kind);
    }
    if (strcmp(kind, "clsact") == 0) {
        queueing->hooks[0] = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS);
        queueing->hooks[1] = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS);
        queueing->count = 2;
    } else if (strcmp(kind, "ingress") == 0) {
        queueing->hooks[0] = TC_H_MAKE(TC_H_INGRESS, 0);
        queueing->count = 1;
    } else if (!is_plain(kind)) {
        return firewall_report(queueing->firewall, "queueing discipline %s on %s", kind, queueing->firewall->device);
    }
    return 0;
}

static int filter_answer(const struct nlmsghdr *message, void *context)
{
    struct queueing *queueing = context;
    if (message->nlmsg_type != RTM_NEWTFILTER)
        return 0;
    return firewall_report(queueing->firewall, "a tc filter on %s", queueing->firewall->device);
}

int firewall_tc(struct firewall *firewall)
{
    int fd = nl_open(NETLINK_ROUTE);
    if (fd < 0)
        return fd;
    struct queueing queueing = {.firewall = firewall};
    struct nl_request request;
    struct tcmsg *fixed = nl_begin(&request, RTM_GETQDISC, NLM_F_DUMP, sizeof *fixed);
    fixed->tcm_ifindex = firewall->index;
    int result = nl_talk(fd, &request, qdisc_answer, &queueing);
    for (int i = 0; i < queueing.count && result == FIREWALL_CLEAR; i++) {
        fixed = nl_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, sizeof *fixed);
        fixed->tcm_ifindex = firewall->index;
        fixed->tcm_parent = queueing.hooks[i];
        result = nl_talk(fd, &request, filter_answer, &queueing);
    }
    close(fd);
    return result == -EOPNOTSUPP ? FIREWALL_CLEAR : result; /* a kernel without traffic control */
}

static int xfrm_answer(const struct nlmsghdr *message, void *context)
{
    if (message->nlmsg_type != XFRM_MSG_NEWSPDINFO || nl_fixed(message, sizeof(uint32_t)) == NULL)
        return 0;
    struct nl_attributes attributes = nl_attributes(message, sizeof(uint32_t));
    for (const struct nlattr *a; (a = nl_next(&attributes)) != NULL;) {
        if (nl_type(a) == XFRMA_SPD_INFO) {
            struct xfrmu_spdinfo info;
            nl_bytes(a, &info, sizeof info);
            if (info.incnt + info.outcnt != 0)
                return firewall_report(context, "IPsec policies");
        }
    }
    return 0;
}

int firewall_xfrm(struct firewall *firewall)
{
    int fd = nl_open(NETLINK_XFRM);
    if (fd == -EPROTONOSUPPORT)
        return FIREWALL_CLEAR; /* a kernel without IPsec */
    if (fd < 0)
        return fd;
    struct nl_request request;
    nl_begin(&request, XFRM_MSG_GETSPDINFO, 0, sizeof(uint32_t));
    int result = nl_talk(fd, &request, xfrm_answer, firewall);
    close(fd);
    return result;
}

/* Programs attached at a target, those inherited from above included: how many, or -errno. */
static int programs(int target, uint32_t type, uint32_t flags)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)target; /* an interface index for tcx */
    attributes.query.attach_type = type;
    attributes.query.query_flags = flags;
    if (syscall(SYS_bpf, BPF_PROG_QUERY, &attributes, sizeof attributes) == 0 || errno == ENOSPC)
        return (int)attributes.query.prog_cnt;
    return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno; /* an older kernel has nothing there */
}

/* The directory of our own cgroup in the unified hierarchy, or -errno; ENOENT where there is none to be seen. */
static int open_cgroup(void)
{
    char line[1024], mount[512] = "", path[512] = "", full[1056];
    FILE *file = fopen("/proc/self/mounts", "re");
    if (file == NULL)
        return -errno;
    while (mount[0] == 0 && fgets(line, sizeof line, file) != NULL) {
        char kind[32];
        if (sscanf(line, "%*s %511s %31s", mount, kind) != 2 || strcmp(kind, "cgroup2") != 0)
            mount[0] = 0;
    }
    fclose(file);
    file = fopen("/proc/self/cgroup", "re");
    if (file == NULL)
        return -errno;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::", 3) == 0)
            snprintf(path, sizeof path, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    }
    fclose(file);
    if (mount[0] == 0 || path[0] == 0)
        return -ENOENT;
    snprintf(full, sizeof full, "%s%s", mount, path);
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int firewall_bpf(struct firewall *firewall)
{
    const struct {
        uint32_t type;
        const char *name;
    } hooks[] = {
        {BPF_CGROUP_INET_INGRESS, "ingress"}, {BPF_CGROUP_INET_EGRESS, "egress"},
        {firewall->ipv6 ? BPF_CGROUP_UDP6_SENDMSG : BPF_CGROUP_UDP4_SENDMSG, firewall->ipv6 ? "sendmsg6" : "sendmsg4"},
        {firewall->ipv6 ? BPF_CGROUP_UDP6_RECVMSG : BPF_CGROUP_UDP4_RECVMSG, firewall->ipv6 ? "recvmsg6" : "recvmsg4"},
    };
    int count = programs(firewall->index, TCX_INGRESS, 0);
    if (count == 0)
        count = programs(firewall->index, TCX_EGRESS, 0);
    if (count > 0)
        return firewall_report(firewall, "a BPF program of tcx on %s", firewall->device);
    if (count < 0)
        return count;
    int cgroup = open_cgroup();
    if (cgroup == -ENOENT)
        return FIREWALL_CLEAR;
    if (cgroup < 0)
        return cgroup;
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0] && count == 0; i++) {
        count = programs(cgroup, hooks[i].type, BPF_F_QUERY_EFFECTIVE);
        if (count > 0)
            firewall_report(firewall, "a BPF program at the cgroup's %s hook", hooks[i].name);
    }
    close(cgroup);
    return count > 0 ? FIREWALL_MAY_MATCH : count;
}
