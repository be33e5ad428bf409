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

/* The distribution as the Java samples print it: below each value lie 1 - 10^(-i/10) of the samples, as far as there are samples enough. */
static inline void print_curve(const uint64_t *sorted, size_t n)
{
    const double tenth_of_a_nine = 0.79432823472428150;
    double above = 1;
    printf("\"curve_ns\":[");
    for (int i = 0; above * (double)n >= 1; i++, above *= tenth_of_a_nine) {
        size_t at = (size_t)((1 - above) * (double)n);
        printf("%s%lu", i ? "," : "", sorted[at < n ? at : n - 1]);
    }
    printf("]");
}

/* Sorts the samples in place. */
static inline void print_round_trips(const char *program, uint64_t *ns, size_t n, size_t lost, uint64_t total_ns)
{
    qsort(ns, n, sizeof *ns, compare_u64);
    printf("{\"program\":\"%s\",\"messages\":%zu,\"rate\":%.0f,\"min_ns\":%lu,\"p50_ns\":%lu,\"p90_ns\":%lu,\"p99_ns\":%lu,\"p999_ns\":%lu,"
           "\"lost\":%zu,\"corrupt\":0,", program, n, (double)n * 1e9 / (double)total_ns, ns[0], ns[n / 2], ns[n * 9 / 10],
           ns[n * 99 / 100], ns[n * 999 / 1000], lost);
    print_curve(ns, n);
    printf("}\n");
}

static inline void print_one_way(const char *program, uint64_t received, uint64_t sent, uint64_t total_ns)
{
    printf("{\"program\":\"%s\",\"received\":%lu,\"rate\":%.0f,\"sent\":%lu,\"lost\":%lu,\"reordered\":0,\"duplicates\":0,\"corrupt\":0}\n",
           program, received, total_ns ? (double)received * 1e9 / (double)total_ns : 0, sent, sent > received ? sent - received : 0);
}
#endif
