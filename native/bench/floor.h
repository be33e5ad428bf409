/* Shared by the floor programs: the clock, pinning, the payload, the two result lines. */
#ifndef ACCEL_FLOOR_H
#define ACCEL_FLOOR_H

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND 1000000000ull

/* What every message starts with; both words in host byte order, for both ends are on one machine. */
struct message {
    uint64_t sequence;
    uint64_t word;
};

static const uint64_t FIN = ~0ull;
static const uint64_t HELLO = ~1ull;

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static inline void pause_ms(long ms)
{
    struct timespec t = {.tv_nsec = ms * 1000000};
    nanosleep(&t, NULL);
}

/* A negative CPU leaves the process where it is. */
static inline void pin_to_cpu(int cpu)
{
    cpu_set_t set;
    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        perror("sched_setaffinity");
}

static inline int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the samples in place. */
static inline void print_round_trips(const char *program, uint64_t *ns, size_t n, size_t lost, uint64_t total_ns)
{
    qsort(ns, n, sizeof *ns, compare_u64);
    printf("{\"program\":\"%s\",\"messages\":%zu,\"rate\":%.0f,\"min_ns\":%lu,\"p50_ns\":%lu,\"p90_ns\":%lu,\"p99_ns\":%lu,\"p999_ns\":%lu,"
           "\"lost\":%zu,\"corrupt\":0}\n", program, n, (double)n * 1e9 / (double)total_ns, ns[0], ns[n / 2], ns[n * 9 / 10],
           ns[n * 99 / 100], ns[n * 999 / 1000], lost);
}

static inline void print_one_way(const char *program, uint64_t received, uint64_t sent, uint64_t total_ns)
{
    printf("{\"program\":\"%s\",\"received\":%lu,\"rate\":%.0f,\"sent\":%lu,\"lost\":%lu,\"reordered\":0,\"duplicates\":0,\"corrupt\":0}\n",
           program, received, total_ns ? (double)received * 1e9 / (double)total_ns : 0, sent, sent > received ? sent - received : 0);
}
#endif
