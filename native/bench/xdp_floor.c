/* AF_XDP in C, copy mode, busy-polled: what the datapath itself can do on this link, with no UDP stack above it.
 * xdp_floor ping|pong|send|receive DEVICE LOCAL_MAC REMOTE_MAC LOCAL_IP REMOTE_IP COUNT MODE BURST [PAYLOAD_BYTES]
 * UDP port 9000 at both ends; MODE generic or native; BURST is the number of frames per kick when sending. */
#include "floor.h"
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <libgen.h>
#include <limits.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xdp/xsk.h>

enum { FRAMES = 4096, FRAME_BYTES = 2048, RING = 2048, RX_BURST = 64, PORT = 9000, HEADERS = 42 };

static struct xsk_ring_prod fill_ring, tx_ring;
static struct xsk_ring_cons completion_ring, rx_ring;
static char *frames;
static int xsk_fd;
static unsigned next_tx_frame, frame_length;

static struct message *payload(uint64_t frame)
{
    return (struct message *)(frames + frame + HEADERS);
}

static uint16_t header_checksum(const uint16_t *words)
{
    uint32_t sum = 0;
    for (int i = 0; i < 10; i++)
        sum += words[i];
    sum = (sum >> 16) + (sum & 0xffff);
    sum += sum >> 16;
    return (uint16_t)~sum;
}

/* Ethernet, IPv4 and UDP headers, without a UDP checksum (RFC 768 allows 0). */
static void build_frame(unsigned char *p, char **argv, unsigned bytes)
{
    const char *format = "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx";
    uint32_t source = inet_addr(argv[5]), destination = inet_addr(argv[6]);
    uint16_t ip_length = htons((uint16_t)(28 + bytes)), udp_length = htons((uint16_t)(8 + bytes)), port = htons(PORT), sum;
    uint16_t words[10] = {0};
    unsigned char *ip = (unsigned char *)words;
    memset(p, 0, HEADERS);
    sscanf(argv[4], format, p, p + 1, p + 2, p + 3, p + 4, p + 5);
    sscanf(argv[3], format, p + 6, p + 7, p + 8, p + 9, p + 10, p + 11);
    p[12] = 8;
    ip[0] = 0x45;
    ip[8] = 64;
    ip[9] = 17;
    memcpy(ip + 2, &ip_length, 2);
    memcpy(ip + 12, &source, 4);
    memcpy(ip + 16, &destination, 4);
    sum = header_checksum(words);
    memcpy(ip + 10, &sum, 2);
    memcpy(p + 14, ip, 20);
    memcpy(p + 34, &port, 2);
    memcpy(p + 36, &port, 2);
    memcpy(p + 38, &udp_length, 2);
}

static void kick(void)
{
    uint32_t at, done;
    ssize_t ignored = sendto(xsk_fd, NULL, 0, MSG_DONTWAIT, NULL, 0);
    (void)ignored; /* EAGAIN and EBUSY: the kernel has work left, the next kick goes on */
    done = xsk_ring_cons__peek(&completion_ring, RING, &at);
    if (done)
        xsk_ring_cons__release(&completion_ring, done);
}

static void transmit(unsigned burst, uint64_t sequence, uint64_t word)
{
    uint32_t at;
    while (xsk_ring_prod__reserve(&tx_ring, burst, &at) != burst)
        kick();
    for (unsigned j = 0; j < burst; j++) {
        struct xdp_desc *d = xsk_ring_prod__tx_desc(&tx_ring, at + j);
        *d = (struct xdp_desc){.addr = (uint64_t)(RING + next_tx_frame++ % (FRAMES - RING)) * FRAME_BYTES, .len = frame_length};
        payload(d->addr)->sequence = sequence < HELLO ? sequence + j : sequence;
        payload(d->addr)->word = word;
    }
    xsk_ring_prod__submit(&tx_ring, burst);
    kick();
}

/* Takes what has come and gives the buffers back at once; the payload's first words are kept. */
static unsigned receive(struct message *messages)
{
    uint32_t from, to;
    unsigned n = xsk_ring_cons__peek(&rx_ring, RX_BURST, &from);
    if (!n)
        return 0;
    while (xsk_ring_prod__reserve(&fill_ring, n, &to) != n)
        ;
    for (unsigned i = 0; i < n; i++) {
        uint64_t frame = xsk_ring_cons__rx_desc(&rx_ring, from + i)->addr;
        messages[i] = *payload(frame);
        *xsk_ring_prod__fill_addr(&fill_ring, to + i) = frame & ~(uint64_t)(FRAME_BYTES - 1);
    }
    xsk_ring_prod__submit(&fill_ring, n);
    xsk_ring_cons__release(&rx_ring, n);
    return n;
}

/* A link, so that the program leaves the interface with this process, however it ends. */
static int load_program(int ifindex, uint32_t mode, int *map)
{
    char path[PATH_MAX + 32] = {0};
    if (readlink("/proc/self/exe", path, PATH_MAX) < 0)
        return -1;
    strcat(dirname(path), "/xdp_floor.bpf.o");
    struct bpf_object *object = bpf_object__open_file(path, NULL);
    if (!object || bpf_object__load(object))
        return -1;
    *map = bpf_object__find_map_fd_by_name(object, "sockets");
    LIBBPF_OPTS(bpf_link_create_opts, options, .flags = mode);
    return bpf_link_create(bpf_program__fd(bpf_object__find_program_by_name(object, "steal")), ifindex, BPF_XDP, &options) < 0 ? -1 : 0;
}

static int open_socket(const char *device, int map)
{
    struct xsk_umem *umem;
    struct xsk_socket *xsk;
    struct xsk_umem_config umem_config = {.fill_size = RING, .comp_size = RING, .frame_size = FRAME_BYTES};
    struct xsk_socket_config config = {.rx_size = RING, .tx_size = RING, .libbpf_flags = XSK_LIBBPF_FLAGS__INHIBIT_PROG_LOAD,
                                       .bind_flags = XDP_USE_NEED_WAKEUP | XDP_COPY};
    uint32_t queue = 0, at = 0;
    frames = mmap(NULL, FRAMES * FRAME_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (frames == MAP_FAILED || xsk_umem__create(&umem, frames, FRAMES * FRAME_BYTES, &fill_ring, &completion_ring, &umem_config)
        || xsk_socket__create(&xsk, device, 0, umem, &rx_ring, &tx_ring, &config))
        return -1;
    xsk_fd = xsk_socket__fd(xsk);
    if (xsk_ring_prod__reserve(&fill_ring, RING, &at) != RING)
        return -1;
    for (unsigned i = 0; i < RING; i++)
        *xsk_ring_prod__fill_addr(&fill_ring, at + i) = (uint64_t)i * FRAME_BYTES;
    xsk_ring_prod__submit(&fill_ring, RING);
    return bpf_map_update_elem(map, &queue, &xsk_fd, 0);
}

static int greet(void)
{
    struct message messages[RX_BURST];
    for (int i = 0; i < 500; i++) {
        transmit(1, HELLO, 0);
        pause_ms(20);
        for (unsigned n; (n = receive(messages));)
            if (messages[n - 1].sequence == HELLO)
                return 0;
    }
    fprintf(stderr, "xdp_floor: nobody answers\n");
    return 1;
}

static void announce_end(uint64_t count)
{
    for (int i = 0; i < 10; i++) {
        pause_ms(10);
        transmit(1, FIN, count);
    }
}

static int ping(uint64_t count)
{
    struct message messages[RX_BURST];
    uint64_t *ns = calloc(count, sizeof *ns);
    size_t lost = 0;
    if (!ns || greet())
        return 1;
    uint64_t begin = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        uint64_t start = now_ns();
        transmit(1, i, 0);
        for (unsigned n; !(n = receive(messages)) || messages[n - 1].sequence != i;)
            if (now_ns() - start > SECOND / 10) {
                lost++;
                break;
            }
        ns[i] = now_ns() - start;
    }
    uint64_t total = now_ns() - begin;
    announce_end(count);
    print_round_trips("xdp_floor", ns, count, lost, total);
    return 0;
}

static int stream(uint64_t count, unsigned burst)
{
    if (greet())
        return 1;
    uint64_t sent = 0;
    for (; sent < count; sent += burst)
        transmit(burst, sent, 0);
    announce_end(sent);
    return 0;
}

static int serve(int pong)
{
    struct message messages[RX_BURST];
    uint64_t first = 0, last = now_ns(), received = 0;
    for (;;) {
        unsigned n = receive(messages);
        if (!n) {
            if (now_ns() - last > 20 * SECOND) {
                fprintf(stderr, "xdp_floor: nothing comes\n");
                return 1;
            }
            continue;
        }
        if (messages[0].sequence == FIN) {
            if (!pong)
                print_one_way("xdp_floor", received, messages[0].word, last - first);
            return 0;
        }
        last = now_ns();
        for (unsigned i = 0; i < n; i++) {
            if (pong || messages[i].sequence == HELLO)
                transmit(1, messages[i].sequence, messages[i].word);
            if (messages[i].sequence < HELLO && received++ == 0)
                first = last;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 10) {
        fprintf(stderr, "usage: xdp_floor ping|pong|send|receive DEVICE LOCAL_MAC REMOTE_MAC LOCAL_IP REMOTE_IP COUNT"
                        " MODE BURST [BYTES]\n");
        return 2;
    }
    uint32_t mode = strcmp(argv[8], "native") ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
    uint64_t count = strtoull(argv[7], NULL, 10);
    unsigned burst = (unsigned)atoi(argv[9]), bytes = argc > 10 ? (unsigned)atoi(argv[10]) : 64;
    int ifindex = (int)if_nametoindex(argv[2]), map, status;
    if (load_program(ifindex, mode, &map) || open_socket(argv[2], map)) {
        perror("xdp_floor");
        return 1;
    }
    frame_length = HEADERS + bytes;
    for (int i = RING; i < FRAMES; i++)
        build_frame((unsigned char *)frames + (size_t)i * FRAME_BYTES, argv, bytes);
    if (!strcmp(argv[1], "ping"))
        status = ping(count);
    else if (!strcmp(argv[1], "send"))
        status = stream(count, burst);
    else
        status = serve(!strcmp(argv[1], "pong"));
    bpf_xdp_detach(ifindex, mode, NULL);
    return status;
}
