/* The floor of same-host messaging: two pinned processes bounce a 64-byte payload through shared cache lines.
 * shm_floor COUNT CPU CPU */
#include "floor.h"
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two lines apart, for the prefetcher fetches lines in pairs. */
struct wire {
    _Alignas(128) _Atomic uint64_t ping;
    char ping_data[64];
    _Alignas(128) _Atomic uint64_t pong;
    char pong_data[64];
};

static void answer(struct wire *wire, uint64_t count)
{
    char data[64];
    for (uint64_t i = 1; i <= count; i++) {
        while (atomic_load_explicit(&wire->ping, memory_order_acquire) != i)
            ;
        memcpy(data, wire->ping_data, sizeof data);
        memcpy(wire->pong_data, data, sizeof data);
        atomic_store_explicit(&wire->pong, i, memory_order_release);
    }
}

static void ask(struct wire *wire, uint64_t count, uint64_t *ns)
{
    char data[64] = {0};
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t start = now_ns();
        memcpy(wire->ping_data, data, sizeof data);
        atomic_store_explicit(&wire->ping, i, memory_order_release);
        while (atomic_load_explicit(&wire->pong, memory_order_acquire) != i)
            ;
        memcpy(data, wire->pong_data, sizeof data);
        ns[i - 1] = now_ns() - start;
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: shm_floor COUNT CPU CPU\n");
        return 2;
    }
    uint64_t count = strtoull(argv[1], NULL, 10);
    uint64_t *ns = calloc(count, sizeof *ns);
    struct wire *wire = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!count || !ns || wire == MAP_FAILED) {
        perror("shm_floor");
        return 1;
    }
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        pin_to_cpu(atoi(argv[3]));
        answer(wire, count);
        _exit(0);
    }
    pin_to_cpu(atoi(argv[2]));
    uint64_t start = now_ns();
    ask(wire, count, ns);
    uint64_t total = now_ns() - start;
    waitpid(child, NULL, 0);
    print_round_trips("shm_floor", ns, count, 0, total);
    return 0;
}
