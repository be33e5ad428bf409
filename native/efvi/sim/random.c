#include "sim.h"

#include <errno.h>
#include <jni.h>
#include <string.h>

enum {
    SHORTEST = 60, ORDINARY = 1514, JUMBO = 9014,   /* bytes of a frame */
    NUMBER_AT = 14, LENGTH_AT = 22, FILL_AT = 26,
    LONGEST_BURST = 40,
};

struct sim_ledger sim_ledger;

static bool paused;     /* by the test: nothing more comes in, nothing more goes wrong */
static unsigned burst;

bool sim_is_random(void)
{
    return sim_faults()->random;
}

/* xorshift64*: one sequence for the process, as the test has one thread. */
static uint64_t next(void)
{
    static uint64_t state;
    if (state == 0)
        state = sim_faults()->seed * 2 + 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717u;
}

unsigned sim_random_below(unsigned bound)
{
    return (unsigned)((next() >> 32) * bound >> 32);
}

bool sim_chance(unsigned one_in)
{
    return sim_is_random() && !paused && sim_random_below(one_in) == 0;
}

int sim_random_refusal(unsigned one_in)
{
    static const int errors[] = {ENOENT, EPERM, ENODEV, EBUSY, ENOMEM, ENOSPC, EOPNOTSUPP};
    if (!sim_chance(one_in))
        return 0;
    sim_ledger.refused_steps++;
    return -errors[sim_random_below(sizeof errors / sizeof errors[0])];
}

/* The byte at an offset of frame n: what a frame is filled with says which it is and where. */
static uint8_t fill(uint64_t n, size_t at)
{
    return (uint8_t)(n * 31 + at * 7);
}

static unsigned random_length(void)
{
    const unsigned kind = sim_random_below(100);
    return kind < 70 ? SHORTEST + sim_random_below(140) : SHORTEST + sim_random_below((kind < 95 ? ORDINARY : JUMBO) - SHORTEST + 1);
}

int sim_random_frame(uint8_t *frame)
{
    if (paused)
        return -EAGAIN;
    if (burst == 0) {
        burst = 1 + sim_random_below(LONGEST_BURST);
        return -EAGAIN;
    }
    burst--;
    const uint64_t n = ++sim_ledger.frames;
    const uint32_t bytes = random_length();
    memset(frame, 0, NUMBER_AT);
    memcpy(frame + NUMBER_AT, &n, sizeof n);
    memcpy(frame + LENGTH_AT, &bytes, sizeof bytes);
    for (size_t i = FILL_AT; i < bytes; i++)
        frame[i] = fill(n, i);
    return (int)bytes;
}

/* What the program sends is made in the same way. */
void sim_check_sent(const uint8_t *frame, size_t bytes)
{
    uint64_t n;
    uint32_t length;
    memcpy(&n, frame + NUMBER_AT, sizeof n);
    memcpy(&length, frame + LENGTH_AT, sizeof length);
    bool right = length == bytes;
    for (size_t i = FILL_AT; i < bytes && right; i++)
        right = frame[i] == fill(n, i);
    sim_ledger.corrupt += !right;
    sim_ledger.sent++;
}

int sim_random_discard(bool by_flags)
{
    static const int flags[] = {
        EF_VI_DISCARD_RX_L4_CSUM_ERR, EF_VI_DISCARD_RX_L3_CSUM_ERR, EF_VI_DISCARD_RX_ETH_FCS_ERR, EF_VI_DISCARD_RX_ETH_LEN_ERR,
        EF_VI_DISCARD_RX_INNER_L4_CSUM_ERR, EF_VI_DISCARD_RX_INNER_L3_CSUM_ERR, EF_VI_DISCARD_RX_L2_CLASS_OTHER,
        EF_VI_DISCARD_RX_L3_CLASS_OTHER, EF_VI_DISCARD_RX_L4_CLASS_OTHER,
    };
    if (!sim_chance(24))
        return 0;
    return by_flags ? flags[sim_random_below(sizeof flags / sizeof flags[0])]
        : DISCARD_BY_SUBTYPE | (int)sim_random_below(EF_EVENT_RX_DISCARD_MAX);
}

/* For the test (io.accel.core.efvi.Ledger), which finds them by name. */
JNIEXPORT void JNICALL Java_io_accel_core_efvi_Ledger_read(JNIEnv *env, jclass c, jlong out)
{
    (void)env; (void)c;
    memcpy((void *)(uintptr_t)out, &sim_ledger, sizeof sim_ledger);
}

JNIEXPORT void JNICALL Java_io_accel_core_efvi_Ledger_pause(JNIEnv *env, jclass c, jboolean value)
{
    (void)env; (void)c;
    paused = value;
}
