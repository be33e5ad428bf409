/*
 * The glue between io.accel.core.efvi and a libciul: compiled against that library's own headers, since ef_vi's calls are inline functions
 * and macros over its structures. Functions answer 0 or a count, or negative errno.
 *
 * A VI of ours is two of ef_vi's in one protection domain, one to receive and one to send, because ef_vi wants one thread at a time
 * on a VI and its event queue, and our sides may be two threads. Nothing is shared between the sides but registered memory. A wide one has
 * several to receive, a VI set: filters are the set's, and the NIC chooses a VI for each frame by a hash (RSS).
 */
#ifndef ACCEL_EFVI_H
#define ACCEL_EFVI_H

#include <etherfabric/base.h>
#include <etherfabric/capabilities.h>
#include <etherfabric/ef_vi.h>
#include <etherfabric/efct_vi.h>
#include <etherfabric/memreg.h>
#include <etherfabric/pd.h>
#include <etherfabric/pio.h>
#include <etherfabric/vi.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUFFER_BYTES = 2048,
    POLL_BATCH = 32,        /* events taken from the queue at once */
    SEND_PARTS = 16,        /* claims that make one frame, at most */
    EFCT_LONGEST_FRAME = 1982, /* of what these NICs send, without FCS: the driver's EFCT_TX_MAX_FRAME_BYTES */
    POST_BATCH = 8,         /* EF10 takes RX descriptors in multiples of it, and holds back what is over */
};

/* io.accel.core.vi.EventBatch: a record, its types and flags. A test compares both sides. */
struct event_record {
    uint8_t type, flags, checksum, clock;
    int32_t length;
    uint64_t address;
    uint64_t token;
    int32_t peer;
    uint16_t queue, vlan;
    int64_t timestamp;
    int32_t region;
    int32_t detail;
    uint64_t unused[2];
};

enum { RECORD_RX = 1, RECORD_RX_DISCARD = 2, RECORD_OVERFLOW = 5, RECORD_RESET = 6 };
enum { RECORD_SOP = 1, RECORD_CONT = 2 };
enum { CHECKSUM_UNKNOWN = 0, CHECKSUM_VERIFIED = 1 };
enum { CLOCK_PRESENT = 4 }; /* beside EF_VI_SYNC_FLAG_: there is a timestamp even where the clock was never set */

/* Packet buffers, page-aligned, registered once with the protection domain. */
struct memory {
    char *base;
    size_t bytes;
    bool huge;
    bool registered;
    bool shared;            /* it is another one's */
    ef_memreg region;
    ef_addr *dma;           /* by buffer: asked once */
};

/* Memory of the library's that holds lent packets (EFCT): 2 MiB pieces, in the order in which they were seen. */
enum { WINDOW_BITS = 21, WINDOWS = 2048 };
#define WINDOW_BYTES ((uint64_t)1 << WINDOW_BITS)

enum receive_counter {
    RX_DISCARDS,            /* and one for each EF_EVENT_RX_DISCARD_ */
    RX_NO_DESC_TRUNC = RX_DISCARDS + EF_EVENT_RX_DISCARD_MAX,
    RX_UNREACHABLE,         /* lent packets outside of every window */
    RX_SOFTWARE_EVENTS,
    RX_UNKNOWN_EVENTS,
    RECEIVE_COUNTERS
};

struct receive_side {
    ef_vi vi;
    ef_driver_handle driver;
    bool open;
    bool lends;             /* RX_REF: packets lie in the library's memory */
    bool stamps, merges;
    bool dead;              /* after an overflow or a reset nothing comes any more */
    uint8_t checksum;       /* what is known of the checksums of a good frame */
    int prefix;
    int buffer_bytes;       /* what the NIC writes into a buffer at most, prefix included */
    struct memory *memory;  /* shared with the other sides, each with buffers of its own */

    uint32_t *given_back;   /* written by Java: buffers or lent packets, before a call that tells their number */
    uint32_t *free;         /* buffers that are with nobody */
    int free_count;
    int refill;             /* descriptors for one doorbell, while the ring holds as many */

    ef_event events[POLL_BATCH] __attribute__((aligned(64)));
    int event, event_count;
    ef_request_id ids[EF_VI_RECEIVE_BATCH]; /* of an RX_MULTI that is under way */
    int id, id_count;
    unsigned frame_bytes;   /* of the frame under way that have been told */
    unsigned frame_left;    /* RX_MULTI: bytes still to come */

    uint64_t *windows;
    int window_count, last_window;
    uint64_t *counters;     /* read by Java */
};

/* What Java writes for each claim that is to be sent. */
struct send {
    uint32_t buffer;
    uint16_t length;
    uint16_t more;          /* the frame goes on in the next one */
};

enum transmit_counter {
    TX_ERRORS,              /* and one for each EF_EVENT_TX_ERROR_ */
    TX_LOST = TX_ERRORS + EF_EVENT_TX_ERROR_BUS + 1,
    TX_FIFO_FULL,           /* times that a burst had to wait for the FIFO (EFCT) */
    TX_STALLED,             /* frames dropped since the FIFO did not move */
    TX_CTPIO,               /* frames that left by cut-through */
    TX_STAMPED,             /* frames of which an event told when they left */
    TX_SOFTWARE_EVENTS,
    TX_UNKNOWN_EVENTS,
    TRANSMIT_COUNTERS
};

struct transmit_side {
    ef_vi vi;
    ef_driver_handle driver;
    bool open;
    bool ctpio, ctpio_only;
    bool stamps;            /* an event for each frame, with the time at which it left */
    bool pio_linked, pio_busy;
    bool dead;
    bool stalled;           /* the FIFO did not move for as long as we wait */
    uint32_t pio_id;
    unsigned cut_through;   /* bytes that are buffered before a lone frame starts to leave */
    struct memory *memory;
    ef_pio pio;
    struct send *sends;     /* written by Java */
    uint32_t *done;         /* written here: buffers that have been sent */
    int done_count;
    uint32_t *next_part;    /* by buffer: the frame's next one, or NO_BUFFER */
    uint64_t *counters;     /* read by Java */
};

#define NO_BUFFER UINT32_MAX

/* Where an opening failed, so that the message can name the remedy. */
enum open_step { STEP_DRIVER = 1, STEP_DOMAIN, STEP_ALLOCATE, STEP_REGISTER, STEP_RECEIVE, STEP_TRANSMIT, STEP_POST };

enum open_flags { OPEN_CTPIO = 1, OPEN_MERGE = 2, OPEN_TIMESTAMPS = 4, OPEN_STORE = 8, OPEN_CUT_THROUGH = 16, OPEN_TX_TIMESTAMPS = 32 };

enum { MAX_VIS = 16 };

struct efvi {
    ef_driver_handle driver;
    ef_driver_handle set_driver; /* closing it is what frees the set */
    bool driver_open, domain_open, send_domain_open, set_driver_open, set_open;
    bool clustered;         /* the receive VI is a member of a cluster, whose streams are not ours to choose */
    ef_pd domain;
    ef_pd send_domain;      /* with clustered: a cluster has receive VIs to give, so the send VI is the interface's own */
    struct memory memory;
    struct memory send_memory; /* with clustered: the same, registered there as well */
    uint32_t buffers, receive_buffers;
    ef_vi_set set;
    int set_refused;        /* negative errno: a set was asked for, and there is one VI instead */
    int vis;                /* receive sides */
    struct receive_side receive[MAX_VIS];
    struct transmit_side transmit;
};

/* What Java reads after opening, once for each receive side. */
struct facts {
    uint64_t memory, memory_bytes;
    uint64_t receive, transmit;             /* the sides */
    uint64_t given_back, receive_counters, windows;
    uint64_t sends, done, transmit_counters;
    int32_t huge_pages, arch, variant, revision;
    int32_t mtu;                            /* bytes without the Ethernet header */
    int32_t receive_descriptor, transmit_capacity;
    int32_t transmit_longest;               /* bytes of the longest frame that the NIC sends, whatever the MTU */
    int32_t lends, stamps, transmit_stamps, merges, ctpio, ctpio_only, pio, software_checksums, multicast_replication;
    int32_t clustered, vis, set_refused;
    uint8_t mac[8];                         /* six bytes and two zero ones */
    char interface[16];                     /* as the kernel names it */
};

struct open_request {
    const char *interface;                  /* or "N@cluster" */
    uint32_t receive_buffers, send_buffers; /* to receive: for each of the VIs */
    int vis;                                /* 1 to MAX_VIS, more than one as a set */
    int receive_ring, transmit_ring;        /* descriptors */
    int refill;                             /* receive descriptors for one doorbell */
    int given_back_capacity;                /* entries */
    int pd_flags;
    int flags;                              /* OPEN_ */
};

int efvi_open(const struct open_request *, struct efvi **out, int *step);
void efvi_facts(struct efvi *, int side, struct facts *);
/* keep_buffers: their memory stays mapped and is the caller's. */
void efvi_close(struct efvi *, bool keep_buffers);
/* Of the protection domain: 1, 0, or the value where the capability has one. */
unsigned long efvi_capability(struct efvi *, enum ef_vi_capability);
/* Those that the domain has, as lines "name=value". */
void efvi_capabilities(struct efvi *, char *text, size_t room);
/* What the NIC counts for the receive VIs together, as lines "name=value"; -EINVAL where it keeps no statistics (EFCT). */
int efvi_statistics(struct efvi *, char *text, size_t room);

int memory_allocate(struct memory *, size_t bytes);
int memory_register(struct memory *, ef_driver_handle, ef_pd *);
/* The same memory for another domain; it stays the first one's. */
void memory_share(struct memory *, const struct memory *of);
void memory_free(struct memory *, ef_driver_handle);

/* The side of this number, with the buffers that are its own. */
int receive_open(struct receive_side *, struct efvi *, int number, const struct open_request *);
void receive_close(struct receive_side *);
int receive_post(struct receive_side *);
int receive_poll(struct receive_side *, struct event_record *records, int limit, int given_back);
int receive_prime(struct receive_side *, int given_back);

int transmit_open(struct transmit_side *, struct efvi *, const struct open_request *);
void transmit_close(struct transmit_side *, struct efvi *);
/* Takes all of the first count in sends, or -ENETRESET and none; what the NIC has finished with is in done. */
int transmit_submit(struct transmit_side *, int count);
void transmit_reap(struct transmit_side *);

/* A filter as Java writes it: addresses in network order, numbers in host order. */
struct filter_request {
    int32_t fields;
    int32_t family;                         /* 4 or 6, with FILTER_LOCAL */
    int32_t protocol;
    int32_t local_port, remote_port;
    int32_t vlan;
    int32_t ether_type;
    int32_t scope;                          /* enum filter_scope */
    int32_t queue;
    uint8_t mac[8];                         /* six bytes and two unused ones */
    uint8_t local[16], remote[16];
    int32_t id, type;                       /* the cookie, written by filter_add */
};

enum {
    FILTER_LOCAL = 1, FILTER_REMOTE = 2, FILTER_PROTOCOL = 4, FILTER_VLAN = 8, FILTER_ETHER_TYPE = 16, FILTER_MAC = 32, FILTER_QUEUE = 64,
};

/* io.accel.core.vi.FilterScope, in its order. */
enum filter_scope {
    SCOPE_STREAM, SCOPE_UNICAST_ALL, SCOPE_MULTICAST_ALL, SCOPE_UNICAST_MISMATCH, SCOPE_MULTICAST_MISMATCH, SCOPE_PORT_SNIFF,
    SCOPE_PORT_SNIFF_PROMISCUOUS, SCOPE_TX_PORT_SNIFF, SCOPE_BLOCK_KERNEL, SCOPE_BLOCK_KERNEL_UNICAST, SCOPE_BLOCK_KERNEL_MULTICAST,
};

/* -EPROTONOSUPPORT: no setter makes this combination. What else is refused, the driver refuses. */
int filter_add(struct efvi *, struct filter_request *);
int filter_remove(struct efvi *, int id, int type);

#endif
