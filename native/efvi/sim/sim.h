/*
 * A simulated libciul, for tests without the NIC: the same calls, as strict as hardware, frames on a real interface by AF_PACKET so that
 * kernel peers are at the other end. It works when it is called: a poll is when the wire is looked at. Whatever the real NIC would answer
 * with corruption or silence (a buffer posted twice, memory that is not registered, an event not unbundled) ends the process here,
 * with a message.
 *
 * SIM_CLUSTER=web:vb:2:10.0.0.2:9000 is a cluster of two VIs on vb, for UDP to that address and port.
 * SIM_NIC chooses the NIC: 7000 (EF10, with PIO), x2 (EF10, with CTPIO; the default), x3 (EFCT). SIM_FAULTS scripts faults: faults.c, and
 * random.h for those that come by chance.
 */
#ifndef SIM_H
#define SIM_H

#include <etherfabric/capabilities.h>
#include <etherfabric/ef_vi.h>
#include <etherfabric/efct_vi.h>
#include <etherfabric/memreg.h>
#include <etherfabric/pd.h>
#include <etherfabric/pio.h>
#include <etherfabric/vi.h>

#include "match.h"
#include "random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACKET_BUFFER = 2048,   /* ownership is kept for each of these of registered memory */
    LONGEST_FRAME = 1 << 16,
    RX_PREFIX = 14, PREFIX_LENGTH_AT = 8,
    RX_BUFFER_BYTES = 1792,
    PIO_BYTES = 2048,
    MIN_RING = 512, MAX_RING = 4096, EVENT_RESERVE = 32,
    TX_FIFO_BYTES = 32768,
    CTPIO_APERTURE = 4096, CTPIO_HEADER = 4, EFCT_LONGEST = 1982,
    SUPERBUFS = 4, SUPERBUF_PACKETS = 512, PACKET_STRIDE = 2048,
    MAX_FILTERS = 512, EFCT_QUEUES = 16, MAX_SET = 64,
};

_Noreturn void sim_misuse(const char *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define MISUSE(...) sim_misuse(__func__, __VA_ARGS__)

/* nic.c */
enum generation { EF10_7000, EF10_X2, EFCT_X3 };

struct sim_nic {
    enum generation generation;
    char name[64];
    int index, mtu;
    uint8_t mac[6];
};

static inline bool is_efct(const struct sim_nic *nic)
{
    return nic->generation == EFCT_X3;
}

/* memory.c: DMA addresses are another numbering than the host's, neighbouring only within a page. */
enum owner { OWNER_PROGRAM, OWNER_RX, OWNER_TX };

struct sim_memory {
    struct sim_memory *next;
    struct sim_pd *pd;
    uint64_t id;
    char *base;
    size_t bytes;
    uint8_t *owners;        /* by packet buffer */
    int owned;              /* how many the NIC holds */
};

struct sim_pd {
    struct sim_nic nic;
    int members, member;    /* of a cluster of so many, the one asked for; 0: no cluster */
    struct match stream;    /* what the cluster takes from the wire */
    struct sim_memory *memories;
    int users;              /* VIs and PIO regions */
};

void *sim_resolve(struct sim_pd *, ef_addr, size_t bytes, const char *call);
void sim_give(struct sim_pd *, ef_addr, enum owner to, const char *call);
void sim_take(struct sim_pd *, ef_addr);

/* wire.c */
int sim_wire_open(const struct sim_nic *, bool receive);
/* The frame as it was on the cable, checksums complete and tag in place: its length, 0 for one to somebody else, or -errno. */
enum towards { TO_US, TO_OTHERS, OUTGOING };
int sim_wire_receive(int wire, uint8_t *frame, enum towards *);
/* Whether what the port sends is seen too. */
int sim_wire_watch_sends(int wire, bool on);
void sim_wire_send(int wire, uint8_t *frame, size_t bytes, bool checksums);

/* steal.c: what filters take does not reach the kernel. */
struct sim_steal;
int sim_steal_open(int interface, struct sim_steal **out);
int sim_steal_set(struct sim_steal *, int slot, const struct match *);
void sim_steal_close(struct sim_steal *);

/* filter.c: of a VI, or of all the VIs of a set. */
struct sim_filters {
    const struct sim_nic *nic;
    struct sim_vi *vis[MAX_SET];
    int vi_count;           /* slots of vis, of which some may be empty */
    struct match table[MAX_FILTERS];
    int types[MAX_FILTERS]; /* 0: free */
    uint16_t effects[MAX_FILTERS];
    int used;
    struct sim_steal *steal;
};

/* Whether the VI gets a frame. */
bool sim_filters_match(const struct sim_filters *, const uint8_t *frame, size_t bytes, enum towards);
void sim_filters_close(struct sim_filters *);
/* What a frame has. */
void sim_describe(struct match *, const uint8_t *frame, size_t bytes);
struct sim_vi;
/* The VI takes a cluster's stream; of its frames those whose hash is the member's. */
int sim_filters_join(struct sim_vi *);
bool sim_is_mine(const struct sim_vi *, const uint8_t *frame, size_t bytes);

/* set.c */
struct sim_set {
    struct sim_pd *pd;
    struct sim_filters filters;
};

/* Whether the set's hash chooses this VI for a frame. */
bool sim_is_chosen(const struct sim_vi *, const struct match *frame);

/* faults.c */
struct sim_faults {
    struct { int frame, flags; } discards[16];
    int discard_count;
    int reset_at, overflow_at;                  /* received frame, from 1 */
    int tx_error_at, tx_error_cause;            /* sent frame, from 1 */
    int paused_at;                              /* sent frame, from 1: it waits for ever, and all after it */
    int software_rx_at, software_tx_at;         /* frame with which a software event comes */
    bool random;                                /* frames and faults by chance */
    uint64_t seed;
    bool unprivileged;                          /* the driver sees a user without CAP_NET_ADMIN */
    int no_filter;                              /* -errno of every insertion */
    int steps_refused[4];                       /* -errno of driver, pd, vi, set */
    int vi_refused_from, vi_refused_to;         /* VIs allocated by the process, from 1; 0: each */
};

enum { REFUSE_DRIVER, REFUSE_PD, REFUSE_VI, REFUSE_SET };

const struct sim_faults *sim_faults(void);
/* What is wrong with a frame: flags of ef_vi_rx_discard_err_flags, or DISCARD_BY_SUBTYPE with an EF_EVENT_RX_DISCARD_; or 0. */
int sim_discard(const struct sim_vi *, int frame);
enum { DISCARD_BY_SUBTYPE = 1 << 16 };

/* eventq.c */
struct sim_events {
    ef_event *ring;
    unsigned capacity, head, tail;
    bool overflowed;
    int to_unbundle;        /* merged or TX events handed out and not unbundled */
};

struct rx_descriptor {
    ef_addr address;
    ef_request_id id;
};

/* rxq.c: added by the program, posted by the doorbell, filled by the NIC, removed when the program knows. */
struct sim_rxq {
    struct rx_descriptor *ring;
    unsigned mask, added, posted, filled, removed;
    bool merge, stamps, in_jumbo;
    unsigned jumbo_bytes;
    unsigned merged;        /* buffers filled that no event tells of yet */
    unsigned merged_frames; /* that end in them */
    unsigned merged_flags;
    uint32_t frames, no_descriptors, truncated;
};

struct tx_descriptor {
    ef_addr address;
    const uint8_t *pio;
    unsigned bytes;
    ef_request_id id;
    bool more;
};

/* txq.c: added by the program, pushed by the doorbell, told by an event, removed when the program knows. */
struct sim_txq {
    struct tx_descriptor *ring;
    unsigned mask, added, pushed, told, removed;
    unsigned fifo_bytes;    /* EFCT: in the FIFO and not told of */
    bool ctpio_allowed, ctpio_open, ctpio_failed, ctpio_sent;
    bool halted, error_told;
    bool stamps;            /* an event for each frame, which tells when it left */
    uint8_t *ctpio_told;    /* by descriptor: it left by CTPIO */
    uint8_t pio[PIO_BYTES];
    bool pio_in_use;
    int frames;
    int stalled;            /* EFCT: sends to refuse, since the link is paused */
};

/* efct.c: packets in superbufs, each free again when all of its packets are. */
struct sim_superbufs {
    char *base;
    uint8_t *lent;          /* by packet */
    int held[SUPERBUFS];
    int superbuf, packet;   /* where the next one goes */
    uint32_t dropped;
};

struct sim_vi {
    struct sim_pd *pd;
    int wire;
    int wake;               /* an eventfd: ef_vi_prime() was called, and an event has come since that is still there */
    bool primed, woken;
    int inside;             /* a call is under way */
    bool dead;              /* after a reset */
    struct sim_events events;
    struct sim_rxq rx;
    struct sim_txq tx;
    struct sim_superbufs superbufs;
    struct sim_set *set;    /* or NULL */
    int index;              /* in the set */
    struct sim_filters own;
    struct sim_filters *filters; /* the set's, or its own */
    uint8_t frame[LONGEST_FRAME];
};

/* vi.c: brackets of each call, which find two threads at once. */
struct sim_vi *sim_enter(const ef_vi *, const char *call);
void sim_enter_vi(struct sim_vi *, const char *call);
void sim_leave(struct sim_vi *);

/* A VI of a protection domain, or where there is a set of that. */
int sim_vi_alloc(ef_vi *, struct sim_pd *, struct sim_set *, int index, int events, int rx, int tx, ef_vi *event_queue, unsigned flags);
void sim_event(struct sim_vi *, const ef_event *);
void sim_overflow(struct sim_vi *);
/* An event is there: whoever primed is woken. */
void sim_wake(struct sim_vi *);
/* None is there any more. */
void sim_unwake(struct sim_vi *);
void sim_pump(struct sim_vi *);
void sim_catch_up(struct sim_vi *);
unsigned sim_untold(const struct sim_vi *);
void sim_rx_deliver(struct sim_vi *, const uint8_t *frame, size_t bytes, int discard);
void sim_rx_flush_merged(struct sim_vi *);
void sim_rx_told(struct sim_vi *, const ef_event *);
void sim_tx_tell(struct sim_vi *);
void sim_tx_told(struct sim_vi *, const ef_event *);
unsigned sim_frames_in_ring(const struct sim_vi *);
int sim_superbufs_open(struct sim_vi *);
void sim_superbufs_deliver(struct sim_vi *, const uint8_t *frame, size_t bytes, int discard);
void sim_superbufs_close(struct sim_vi *);
void sim_frame_sent(struct sim_vi *, uint8_t *frame, size_t bytes, bool checksums);

#endif
