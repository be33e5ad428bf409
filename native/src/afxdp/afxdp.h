/* The parts of the afxdp backend: interface facts, the XDP program, the sockets. Functions answer 0 or negative errno. */
#ifndef ACCEL_AFXDP_H
#define ACCEL_AFXDP_H

#include <stdbool.h>
#include <stdint.h>

struct interface_facts {
    int32_t index;
    uint32_t flags;         /* IFF_, linux/if.h */
    uint32_t mtu;
    uint32_t hardware_type; /* ARPHRD_, linux/if_arp.h */
    uint32_t rx_queues;
    uint8_t mac[8];         /* six bytes and two zero ones */
    char driver[32];
};

int interface_read(const char *name, struct interface_facts *facts);

/* A loaded XDP program with its maps; one thread at a time. */
struct steering;

int steering_load(struct steering **out);
int steering_attach(struct steering *, int ifindex, uint32_t xdp_flags);
void steering_configure(struct steering *, const uint8_t mac[6], uint32_t frame_limit);
int steering_queue(struct steering *, uint32_t queue, int socket);
int steering_filter(struct steering *, bool install, bool full, const void *full_filter);
void steering_close(struct steering *);

/* One mapped ring: the addresses of its indices, flags and entries, and what to unmap. size is 0 where the socket has no such ring. */
struct ring {
    uint64_t producer, consumer, flags, entries;
    uint64_t size;
    uint64_t map, map_bytes;
};

struct xsk_request {
    int32_t ifindex;
    uint32_t queue;
    int32_t umem_socket;    /* the socket whose UMEM is shared, or -1: register the memory */
    uint32_t bind_flags;    /* XDP_COPY, XDP_ZEROCOPY, XDP_USE_NEED_WAKEUP; 0 with umem_socket */
    uint64_t umem, umem_bytes;
    uint32_t frame_bytes;
    uint32_t rx_size, fill_size, tx_size, completion_size; /* powers of two; tx_size may be 0 */
};

/* Where a set-up failed, so that the message can name the remedy. */
enum xsk_step { XSK_SOCKET = 1, XSK_MEMORY, XSK_RINGS, XSK_MAP, XSK_BIND };

struct xsk {
    int32_t fd;
    int32_t step;           /* the step that failed, or 0 */
    struct ring rx, fill, tx, completion;
};

int xsk_open(const struct xsk_request *, struct xsk *);
void xsk_close(struct xsk *);

#endif
