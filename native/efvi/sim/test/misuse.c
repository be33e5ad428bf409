/*
 * Shows that the simulated NIC ends a process that misuses it: each case runs in a child, which must die by SIGABRT with the message that
 * belongs to it. Usage: misuse INTERFACE. Prints "ok NAME" or "wrong NAME" for each case.
 */
#include <etherfabric/efct_vi.h>
#include <etherfabric/memreg.h>
#include <etherfabric/pd.h>
#include <etherfabric/vi.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUFFERS = 64, BUFFER = 2048 };

static const char *interface;

struct nic {
    ef_driver_handle driver;
    ef_pd pd;
    ef_memreg memory;
    ef_vi vi;
    char *base;
};

static void must(int result)
{
    if (result < 0) {
        fprintf(stderr, "set-up failed: %s\n", strerror(-result));
        exit(2);
    }
}

static void open_nic(struct nic *n, const char *kind, unsigned flags)
{
    setenv("SIM_NIC", kind, 1);
    n->base = mmap(NULL, BUFFERS * BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(ef_driver_open(&n->driver));
    must(ef_pd_alloc_by_name(&n->pd, n->driver, interface, EF_PD_DEFAULT));
    must(ef_memreg_alloc(&n->memory, n->driver, &n->pd, n->driver, n->base, BUFFERS * BUFFER));
    must(ef_vi_alloc_from_pd(&n->vi, n->driver, &n->pd, n->driver, -1, 512, 512, NULL, -1, (enum ef_vi_flags)flags));
}

static ef_addr buffer(struct nic *n, unsigned i)
{
    return ef_memreg_dma_addr(&n->memory, (size_t)i * BUFFER);
}

static int send_one(struct nic *n, unsigned i)
{
    const ef_iovec part = {.iov_base = buffer(n, i), .iov_len = 60};
    return ef_vi_transmitv(&n->vi, &part, 1, (ef_request_id)i);
}

static void post_twice(struct nic *n)
{
    ef_vi_receive_init(&n->vi, buffer(n, 3), 3);
    ef_vi_receive_init(&n->vi, buffer(n, 3), 4);
}

static void send_a_posted_buffer(struct nic *n)
{
    ef_vi_receive_init(&n->vi, buffer(n, 3), 3);
    send_one(n, 3);
}

static void send_twice(struct nic *n)
{
    send_one(n, 5);
    send_one(n, 5);
}

static void address_of_the_host(struct nic *n)
{
    ef_vi_receive_init(&n->vi, (ef_addr)(uintptr_t)n->base, 1);
}

static void address_of_another_domain(struct nic *n)
{
    ef_pd other;
    ef_memreg memory;
    must(ef_pd_alloc_by_name(&other, n->driver, interface, EF_PD_DEFAULT));
    must(ef_memreg_alloc(&memory, n->driver, &other, n->driver, n->base, BUFFERS * BUFFER));
    ef_vi_receive_init(&n->vi, ef_memreg_dma_addr(&memory, 0), 1);
}

static void address_across_pages(struct nic *n)
{
    ef_vi_receive_init(&n->vi, buffer(n, 1) + 1024, 1);
}

static void event_not_unbundled(struct nic *n)
{
    ef_event events[4];
    send_one(n, 1);
    if (ef_eventq_poll(&n->vi, events, 4) != 1)
        exit(2);
    ef_eventq_poll(&n->vi, events, 4);
}

static void poll_for_one_event(struct nic *n)
{
    ef_event event;
    ef_eventq_poll(&n->vi, &event, 1);
}

static void doorbell_for_nothing(struct nic *n)
{
    ef_vi_transmit_push(&n->vi);
}

static void cut_through_without_fallback(struct nic *n)
{
    const struct iovec part = {n->base, 60};
    ef_vi_transmitv_ctpio(&n->vi, 60, &part, 1, 64);
    send_one(n, 1);
}

static void cut_through_beyond_the_aperture(struct nic *n)
{
    const struct iovec part = {n->base, 4093};
    ef_vi_transmitv_ctpio(&n->vi, 4093, &part, 1, 64);
}

static void longer_than_the_nic_sends(struct nic *n)
{
    const ef_iovec parts[] = {{buffer(n, 1), 1000}, {buffer(n, 2), 983}};
    ef_vi_transmitv(&n->vi, parts, 2, 1);
}

static void release_what_is_not_lent(struct nic *n)
{
    efct_vi_rxpkt_release(&n->vi, 7);
}

static void descriptors_where_there_are_none(struct nic *n)
{
    ef_vi_receive_init(&n->vi, buffer(n, 0), 0);
}

static void memory_freed_under_the_nic(struct nic *n)
{
    ef_vi_receive_init(&n->vi, buffer(n, 0), 0);
    ef_memreg_free(&n->memory, n->driver);
}

static void domain_freed_under_a_vi(struct nic *n)
{
    ef_pd_free(&n->pd, n->driver);
}

static void unknown_filter(struct nic *n)
{
    ef_filter_cookie cookie = {.filter_id = 3, .filter_type = 2};
    ef_vi_filter_del(&n->vi, n->driver, &cookie);
}

static void *poll_long(void *n)
{
    ef_event events[4];
    for (int i = 0; i < 10000000; i++)
        ef_eventq_poll(&((struct nic *)n)->vi, events, 4);
    return NULL;
}

static void two_threads(struct nic *n)
{
    pthread_t other;
    pthread_create(&other, NULL, poll_long, n);
    alarm(20); /* another signal, if nobody notices */
    poll_long(n);
}

static void filter_on_one_of_a_set(struct nic *n)
{
    ef_vi_set set;
    ef_vi member;
    ef_filter_spec spec;
    ef_filter_cookie cookie;
    must(ef_vi_set_alloc_from_pd(&set, n->driver, &n->pd, n->driver, 2));
    must(ef_vi_alloc_from_set(&member, n->driver, &set, n->driver, 1, -1, 512, 0, NULL, -1, EF_VI_FLAGS_DEFAULT));
    ef_filter_spec_init(&spec, EF_FILTER_FLAG_NONE);
    must(ef_filter_spec_set_ip4_local(&spec, IPPROTO_UDP, htonl(0x7f000001), htons(7)));
    ef_vi_filter_add(&member, n->driver, &spec, &cookie);
}

static void set_freed_under_a_vi(struct nic *n)
{
    ef_vi_set set;
    ef_vi member;
    must(ef_vi_set_alloc_from_pd(&set, n->driver, &n->pd, n->driver, 2));
    must(ef_vi_alloc_from_set(&member, n->driver, &set, n->driver, -1, -1, 512, 0, NULL, -1, EF_VI_FLAGS_DEFAULT));
    ef_vi_set_free(&set, n->driver);
}

struct test {
    const char *name, *nic;
    unsigned flags;
    void (*run)(struct nic *);
    const char *message;
};

#define TEST(function, nic, flags, message) {#function, nic, flags, function, message}

static const struct test TESTS[] = {
    TEST(post_twice, "x2", 0, "with the NIC already, to receive"),
    TEST(send_a_posted_buffer, "x2", 0, "with the NIC already, to receive"),
    TEST(send_twice, "x2", 0, "with the NIC already, to send"),
    TEST(address_of_the_host, "x2", 0, "not registered"),
    TEST(address_of_another_domain, "x2", 0, "not registered"),
    TEST(address_across_pages, "x2", 0, "leave their page"),
    TEST(event_not_unbundled, "x2", 0, "not unbundled"),
    TEST(poll_for_one_event, "x2", 0, "too little"),
    TEST(doorbell_for_nothing, "x2", 0, "nothing was written"),
    TEST(cut_through_without_fallback, "x2", EF_VI_TX_CTPIO, "no fall-back yet"),
    TEST(cut_through_beyond_the_aperture, "x2", EF_VI_TX_CTPIO, "leave the aperture"),
    TEST(longer_than_the_nic_sends, "x3", 0, "more than"),
    TEST(release_what_is_not_lent, "x3", 0, "not lent"),
    TEST(descriptors_where_there_are_none, "x3", 0, "no receive ring"),
    TEST(memory_freed_under_the_nic, "x2", 0, "still holds 1"),
    TEST(domain_freed_under_a_vi, "x2", 0, "still there"),
    TEST(unknown_filter, "x2", 0, "no filter has"),
    TEST(filter_on_one_of_a_set, "x2", 0, "another copy"),
    TEST(set_freed_under_a_vi, "x2", 0, "still there"),
    TEST(two_threads, "x2", 0, "two threads"),
};

static int run(const struct test *t)
{
    int pipes[2], status;
    char said[1024];
    size_t n = 0;
    if (pipe(pipes) != 0)
        return 0;
    const pid_t child = fork();
    if (child == 0) {
        struct nic nic;
        memset(&nic, 0, sizeof nic);
        dup2(pipes[1], 2);
        close(pipes[0]);
        open_nic(&nic, t->nic, t->flags);
        t->run(&nic);
        _exit(0);
    }
    close(pipes[1]);
    for (ssize_t got = 1; got > 0 && n < sizeof said - 1; n += got > 0 ? (size_t)got : 0)
        got = read(pipes[0], said + n, sizeof said - 1 - n);
    said[n] = 0;
    close(pipes[0]);
    waitpid(child, &status, 0);
    const int right = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, t->message) != NULL;
    printf("%s %s%s%s", right ? "ok" : "wrong", t->name, right ? "\n" : ": ", right ? "" : said[0] != 0 ? said : "nothing said\n");
    return right;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    interface = argv[1];
    int wrong = 0;
    for (size_t i = 0; i < sizeof TESTS / sizeof TESTS[0]; i++)
        wrong += !run(&TESTS[i]);
    return wrong != 0;
}
