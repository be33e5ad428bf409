/*
 * Frames and faults by chance, for SIM_FAULTS=random@SEED: there is no wire then, nor filters on one. Frames of all lengths come in bursts,
 * numbered and filled by their number; everything that can go wrong does now and then; and a ledger says what became of each frame.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which io.accel.core.efvi.Ledger reads it. */
struct sim_ledger {
    uint64_t frames;            /* that came in */
    uint64_t good;              /* told whole and good */
    uint64_t discards[8];       /* told as discards, by EF_EVENT_RX_DISCARD_ */
    uint64_t truncated;         /* RX_NO_DESC_TRUNC told */
    uint64_t no_descriptors;    /* dropped for want of descriptors or packets, or too long for one */
    uint64_t fatal;             /* turned into a reset or an overflow */
    uint64_t untold;            /* lost with their VI */
    uint64_t software_events;
    uint64_t other_events;      /* of a type that the glue has no use for, or of no known one */
    uint64_t taken;             /* frames to send that the ring took */
    uint64_t sent;
    uint64_t errors[4];         /* TX errors by EF_EVENT_TX_ERROR_ */
    uint64_t completed;         /* told as sent */
    uint64_t stamped;           /* of them, each with its time */
    uint64_t failed;            /* handed back after an error */
    uint64_t unsent;            /* in the ring when their VI was closed */
    uint64_t fallbacks;         /* CTPIO sends that failed and went by their descriptor */
    uint64_t refused_steps;     /* openings, registrations and insertions refused */
    uint64_t held;              /* receive buffers with the NIC now, or packets lent now */
    uint64_t corrupt;           /* frames to send that are not as they were made */
};

extern struct sim_ledger sim_ledger;

struct sim_vi;

bool sim_is_random(void);
/* Once in so many times, in random mode; else never. */
bool sim_chance(unsigned one_in);
unsigned sim_random_below(unsigned bound);
/* The next frame, or -EAGAIN at the end of a burst. */
int sim_random_frame(uint8_t *frame);
/* An event flag or subtype of a discard, or 0. */
int sim_random_discard(bool by_flags);
/* A set-up call that is to fail: -errno, or 0. */
int sim_random_refusal(unsigned one_in);
void sim_check_sent(const uint8_t *frame, size_t bytes);

#endif
