#ifndef SIM_EF_VI_H
#define SIM_EF_VI_H

#include <etherfabric/base.h>
#include <sys/uio.h>

#define EF_VI_EVENT_POLL_MIN_EVS 2
#define EF_VI_RECEIVE_BATCH 15
#define EF_VI_TRANSMIT_BATCH 64
#define EF_VI_CTPIO_CT_THRESHOLD_SNF 0xffff

enum {
    EF_EVENT_TYPE_RX,
    EF_EVENT_TYPE_TX,
    EF_EVENT_TYPE_RX_DISCARD,
    EF_EVENT_TYPE_TX_ERROR,
    EF_EVENT_TYPE_RX_NO_DESC_TRUNC,
    EF_EVENT_TYPE_SW,
    EF_EVENT_TYPE_OFLOW,
    EF_EVENT_TYPE_TX_WITH_TIMESTAMP,
    EF_EVENT_TYPE_RX_MULTI,
    EF_EVENT_TYPE_RX_MULTI_DISCARD,
    EF_EVENT_TYPE_RESET,
    EF_EVENT_TYPE_RX_MULTI_PKTS,
    EF_EVENT_TYPE_RX_REF,
    EF_EVENT_TYPE_RX_REF_DISCARD,
};

enum {
    EF_EVENT_RX_DISCARD_CSUM_BAD,
    EF_EVENT_RX_DISCARD_MCAST_MISMATCH,
    EF_EVENT_RX_DISCARD_CRC_BAD,
    EF_EVENT_RX_DISCARD_TRUNC,
    EF_EVENT_RX_DISCARD_RIGHTS,
    EF_EVENT_RX_DISCARD_EV_ERROR,
    EF_EVENT_RX_DISCARD_OTHER,
    EF_EVENT_RX_DISCARD_INNER_CSUM_BAD,
    EF_EVENT_RX_DISCARD_MAX,
};

enum {
    EF_EVENT_TX_ERROR_RIGHTS,
    EF_EVENT_TX_ERROR_OFLOW,
    EF_EVENT_TX_ERROR_2BIG,
    EF_EVENT_TX_ERROR_BUS,
};

#define EF_EVENT_FLAG_SOP 1
#define EF_EVENT_FLAG_CONT 2
#define EF_EVENT_FLAG_CTPIO 1

/* Only the fields that the API documents as readable, or that its macros read. */
typedef union {
    struct { unsigned type; } generic;
    struct { unsigned type, q_id, rq_id, len, flags, subtype; } rx;
    struct { unsigned type, q_id, desc_id, flags, subtype; } tx;
    struct { unsigned type, q_id, rq_id, flags, ts_sec, ts_nsec, ts_flags; } tx_timestamp;
    struct { unsigned type, q_id, n_descs, flags, subtype, sim_frames; } rx_multi;
    struct { unsigned type, q_id, pkt_id, len; } rx_ref;
    struct { unsigned type, q_id, pkt_id, len, flags; } rx_ref_discard;
    struct { unsigned type, data; } sw;
} ef_event;

#define EF_EVENT_TYPE(e) ((e).generic.type)
#define EF_EVENT_RX_BYTES(e) ((e).rx.len)
#define EF_EVENT_RX_RQ_ID(e) ((e).rx.rq_id)
#define EF_EVENT_RX_SOP(e) ((e).rx.flags & EF_EVENT_FLAG_SOP)
#define EF_EVENT_RX_CONT(e) ((e).rx.flags & EF_EVENT_FLAG_CONT)
#define EF_EVENT_RX_DISCARD_TYPE(e) ((e).rx.subtype)
#define EF_EVENT_RX_MULTI_SOP(e) ((e).rx_multi.flags & EF_EVENT_FLAG_SOP)
#define EF_EVENT_RX_MULTI_CONT(e) ((e).rx_multi.flags & EF_EVENT_FLAG_CONT)
#define EF_EVENT_RX_MULTI_DISCARD_TYPE(e) ((e).rx_multi.subtype)
#define EF_EVENT_TX_WITH_TIMESTAMP_RQ_ID(e) ((e).tx_timestamp.rq_id)
#define EF_EVENT_TX_CTPIO(e) ((e).tx.flags & EF_EVENT_FLAG_CTPIO) /* tx_timestamp has them at the same place */
#define EF_EVENT_TX_ERROR_TYPE(e) ((e).tx.subtype)

#define EF_VI_SYNC_FLAG_CLOCK_SET 1
#define EF_VI_SYNC_FLAG_CLOCK_IN_SYNC 2

typedef struct {
    int64_t tv_sec;
    uint32_t tv_nsec;
    uint16_t tv_nsec_frac;
    uint16_t tv_flags;
} ef_precisetime;

typedef struct {
    ef_addr iov_base;
    unsigned iov_len;
} ef_iovec;

enum ef_vi_flags {
    EF_VI_FLAGS_DEFAULT = 0,
    EF_VI_RX_TIMESTAMPS = 0x10000,
    EF_VI_TX_TIMESTAMPS = 0x20000,
    EF_VI_RX_EVENT_MERGE = 0x200000,
    EF_VI_TX_CTPIO = 0x1000000,
    EF_VI_TX_CTPIO_NO_POISON = 0x2000000,
};

enum ef_vi_rx_discard_err_flags {
    EF_VI_DISCARD_RX_L4_CSUM_ERR = 1,
    EF_VI_DISCARD_RX_L3_CSUM_ERR = 2,
    EF_VI_DISCARD_RX_ETH_FCS_ERR = 4,
    EF_VI_DISCARD_RX_ETH_LEN_ERR = 8,
    EF_VI_DISCARD_RX_INNER_L4_CSUM_ERR = 0x20,
    EF_VI_DISCARD_RX_INNER_L3_CSUM_ERR = 0x40,
    EF_VI_DISCARD_RX_L2_CLASS_OTHER = 0x80,
    EF_VI_DISCARD_RX_L3_CLASS_OTHER = 0x100,
    EF_VI_DISCARD_RX_L4_CLASS_OTHER = 0x200,
};

enum ef_vi_arch {
    EF_VI_ARCH_FALCON,
    EF_VI_ARCH_EF10,
    EF_VI_ARCH_EF100,
    EF_VI_ARCH_EFCT,
    EF_VI_ARCH_AF_XDP,
    EF_VI_ARCH_EF10CT,
};

struct ef_vi_nic_type {
    unsigned char arch;
    char variant;
    unsigned char revision;
};

typedef struct ef_vi {
    struct sim_vi *sim;
    struct ef_vi_nic_type nic_type;
} ef_vi;

const char *ef_vi_version_str(void);
const char *ef_vi_driver_interface_str(void);

int ef_vi_receive_prefix_len(const ef_vi *);
int ef_vi_receive_buffer_len(const ef_vi *);
int ef_vi_receive_space(const ef_vi *);
int ef_vi_receive_capacity(const ef_vi *);
int ef_vi_receive_fill_level(const ef_vi *);
int ef_vi_receive_init(ef_vi *, ef_addr, ef_request_id);
void ef_vi_receive_push(ef_vi *);
int ef_vi_receive_get_bytes(ef_vi *, const void *packet, uint16_t *bytes);
int ef_vi_receive_get_precise_timestamp(ef_vi *, const void *packet, ef_precisetime *);
int ef_vi_receive_unbundle(ef_vi *, const ef_event *, ef_request_id *ids);
uint64_t ef_vi_receive_get_discards(ef_vi *);
unsigned ef_vi_get_rx_discard_subtype_from_flags(unsigned flags);

int ef_vi_transmit_space(const ef_vi *);
int ef_vi_transmit_capacity(const ef_vi *);
int ef_vi_transmitv_init(ef_vi *, const ef_iovec *, int count, ef_request_id);
void ef_vi_transmit_push(ef_vi *);
int ef_vi_transmitv(ef_vi *, const ef_iovec *, int count, ef_request_id);
int ef_vi_transmit_copy_pio(ef_vi *, int offset, const void *frame, int bytes, ef_request_id);
void ef_vi_transmitv_ctpio(ef_vi *, size_t bytes, const struct iovec *, int count, unsigned threshold);
int ef_vi_transmitv_ctpio_fallback(ef_vi *, const ef_iovec *, int count, ef_request_id);
int ef_vi_transmit_unbundle(ef_vi *, const ef_event *, ef_request_id *ids);
int ef_vi_reinit_txq_post_error(ef_vi *);
int sim_next_failed_transmit(ef_vi *, uint32_t *id);
#define ef_vi_for_each_tx_error_failed_transmit(vi, id) while (sim_next_failed_transmit((vi), &(id)))

int ef_eventq_poll(ef_vi *, ef_event *, int count);
int ef_eventq_has_event(const ef_vi *);
unsigned ef_eventq_current(ef_vi *);

#endif
