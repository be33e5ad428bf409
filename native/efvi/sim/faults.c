/*
 * SIM_FAULTS: what goes wrong, and when, as in "discard=crc@5,reset@20,tx=bus@7,vi=ENOMEM". Received frames are counted per VI from 1, and
 * so are sent ones; with sw=rx@3, or sw=tx@3, a software event comes with the third, and with pause@3 the link is paused before the third
 * sent one, which stays in the ring with all that follow. driver, pd, vi, set and filter name calls that fail, with vi=EBUSY@3-5 the third
 * to the fifth VI that a process wants. "random@SEED": random.h.
 */
#include "sim.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct sim_faults faults;
static pthread_once_t once = PTHREAD_ONCE_INIT;

struct word {
    const char *name;
    int value;
};

static const struct word DISCARDS[] = {
    {"csum", EF_VI_DISCARD_RX_L4_CSUM_ERR}, {"ipcsum", EF_VI_DISCARD_RX_L3_CSUM_ERR}, {"crc", EF_VI_DISCARD_RX_ETH_FCS_ERR},
    {"trunc", EF_VI_DISCARD_RX_ETH_LEN_ERR}, {NULL, 0},
};
static const struct word TX_ERRORS[] = {
    {"rights", EF_EVENT_TX_ERROR_RIGHTS}, {"oflow", EF_EVENT_TX_ERROR_OFLOW}, {"2big", EF_EVENT_TX_ERROR_2BIG},
    {"bus", EF_EVENT_TX_ERROR_BUS}, {NULL, 0},
};
enum { RECEIVED, SENT };
static const struct word SIDES[] = {{"rx", RECEIVED}, {"tx", SENT}, {NULL, 0}};
static const struct word ERRORS[] = {
    {"ENOENT", ENOENT}, {"EPERM", EPERM}, {"EACCES", EACCES}, {"ENODEV", ENODEV}, {"EBUSY", EBUSY}, {"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC},
    {"EOPNOTSUPP", EOPNOTSUPP}, {"EEXIST", EEXIST}, {NULL, 0},
};

static int value_of(const struct word *words, const char *name)
{
    for (; words->name != NULL; words++) {
        if (strcmp(words->name, name) == 0)
            return words->value;
    }
    MISUSE("SIM_FAULTS: what is '%s'?", name);
}

static void parse(char *fault)
{
    char *at = strchr(fault, '@'), *what = strchr(fault, '=');
    const int frame = at == NULL ? 0 : atoi(at + 1);
    if (at != NULL)
        *at = 0;
    if (what != NULL)
        *what++ = 0;
    if (strcmp(fault, "reset") == 0) {
        faults.reset_at = frame;
    } else if (strcmp(fault, "overflow") == 0) {
        faults.overflow_at = frame;
    } else if (strcmp(fault, "pause") == 0) {
        faults.paused_at = frame;
    } else if (strcmp(fault, "unprivileged") == 0) {
        faults.unprivileged = true;
    } else if (strcmp(fault, "random") == 0) {
        faults.random = true;
        faults.seed = at == NULL ? 1 : strtoull(at + 1, NULL, 10);
    } else if (what == NULL) {
        MISUSE("SIM_FAULTS: what is '%s'?", fault);
    } else if (strcmp(fault, "discard") == 0 && faults.discard_count < (int)(sizeof faults.discards / sizeof faults.discards[0])) {
        faults.discards[faults.discard_count].frame = frame;
        faults.discards[faults.discard_count++].flags = value_of(DISCARDS, what);
    } else if (strcmp(fault, "tx") == 0) {
        faults.tx_error_at = frame;
        faults.tx_error_cause = value_of(TX_ERRORS, what);
    } else if (strcmp(fault, "sw") == 0) {
        *(value_of(SIDES, what) == RECEIVED ? &faults.software_rx_at : &faults.software_tx_at) = frame;
    } else if (strcmp(fault, "filter") == 0) {
        faults.no_filter = -value_of(ERRORS, what);
    } else if (strcmp(fault, "driver") == 0) {
        faults.steps_refused[REFUSE_DRIVER] = -value_of(ERRORS, what);
    } else if (strcmp(fault, "pd") == 0) {
        faults.steps_refused[REFUSE_PD] = -value_of(ERRORS, what);
    } else if (strcmp(fault, "set") == 0) {
        faults.steps_refused[REFUSE_SET] = -value_of(ERRORS, what);
    } else if (strcmp(fault, "vi") == 0) {
        const char *last = at == NULL ? NULL : strchr(at + 1, '-');
        faults.steps_refused[REFUSE_VI] = -value_of(ERRORS, what);
        faults.vi_refused_from = frame;
        faults.vi_refused_to = last == NULL ? frame : atoi(last + 1);
    } else {
        MISUSE("SIM_FAULTS: what is '%s'?", fault);
    }
}

static void parse_all(void)
{
    const char *given = getenv("SIM_FAULTS");
    char *copy = given == NULL ? NULL : strdup(given), *rest = NULL;
    for (char *fault = copy == NULL ? NULL : strtok_r(copy, ",", &rest); fault != NULL; fault = strtok_r(NULL, ",", &rest))
        parse(fault);
    free(copy);
}

const struct sim_faults *sim_faults(void)
{
    pthread_once(&once, parse_all);
    return &faults;
}

int sim_discard(const struct sim_vi *v, int frame)
{
    const struct sim_faults *f = sim_faults();
    if (f->random)
        return sim_random_discard(is_efct(&v->pd->nic));
    for (int i = 0; i < f->discard_count; i++) {
        if (f->discards[i].frame == frame)
            return f->discards[i].flags;
    }
    return 0;
}
