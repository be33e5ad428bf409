/* Kernel UDP in C, busy-polled.
 * udp_floor ping|pong|send|receive LOCAL_IP REMOTE_IP PORT COUNT [PAYLOAD_BYTES] */
#include "floor.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];
static struct message *const message = (struct message *)buffer;

static struct sockaddr_in address(const char *ip, const char *port)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = inet_addr(ip)};
}

/* Says hello until the other end answers. */
static int greet(int s, size_t bytes)
{
    for (int i = 0; i < 500; i++) {
        message->sequence = HELLO;
        ssize_t sent = send(s, buffer, bytes, 0);
        (void)sent; /* refused while the other end is not there yet */
        pause_ms(20);
        while (recv(s, buffer, sizeof buffer, 0) > 0)
            if (message->sequence == HELLO)
                return 0;
    }
    fprintf(stderr, "udp_floor: nobody answers\n");
    return 1;
}

static void announce_end(int s, size_t bytes, uint64_t count)
{
    for (int i = 0; i < 10; i++) {
        pause_ms(10);
        *message = (struct message){FIN, count};
        if (send(s, buffer, bytes, 0) < 0)
            return;
    }
}

static int ping(int s, size_t bytes, uint64_t count)
{
    uint64_t *ns = calloc(count, sizeof *ns);
    size_t lost = 0;
    if (!ns || greet(s, bytes))
        return 1;
    uint64_t begin = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        uint64_t start = now_ns();
        message->sequence = i;
        if (send(s, buffer, bytes, 0) < 0)
            perror("send");
        while (recv(s, buffer, sizeof buffer, 0) < 0 || message->sequence != i)
            if (now_ns() - start > SECOND / 10) {
                lost++;
                break;
            }
        ns[i] = now_ns() - start;
    }
    uint64_t total = now_ns() - begin;
    announce_end(s, bytes, count);
    print_round_trips("udp_floor", ns, count, lost, total);
    return 0;
}

static int stream(int s, size_t bytes, uint64_t count)
{
    if (greet(s, bytes))
        return 1;
    for (uint64_t i = 0; i < count; i++) {
        message->sequence = i;
        while (send(s, buffer, bytes, 0) < 0)
            ;
    }
    announce_end(s, bytes, count);
    return 0;
}

/* Answers everything (pong), or only greetings and counts the rest; until FIN. */
static int serve(int s, int pong)
{
    uint64_t first = 0, last = 0, received = 0, begin = now_ns();
    for (;;) {
        ssize_t n = recv(s, buffer, sizeof buffer, 0);
        if (n < 0) {
            if ((received ? now_ns() - last : now_ns() - begin) > 20 * SECOND) {
                fprintf(stderr, "udp_floor: nothing comes\n");
                return 1;
            }
            continue;
        }
        if (message->sequence == FIN)
            break;
        last = now_ns();
        if (pong || message->sequence == HELLO) {
            if (send(s, buffer, (size_t)n, 0) < 0)
                perror("send");
        }
        if (message->sequence != HELLO && received++ == 0)
            first = last;
    }
    if (!pong)
        print_one_way("udp_floor", received, message->word, last - first);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: udp_floor ping|pong|send|receive LOCAL_IP REMOTE_IP PORT COUNT [PAYLOAD_BYTES]\n");
        return 2;
    }
    struct sockaddr_in local = address(argv[2], argv[4]), remote = address(argv[3], argv[4]);
    uint64_t count = strtoull(argv[5], NULL, 10);
    size_t bytes = argc > 6 ? (size_t)atoi(argv[6]) : 64;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), room = 4 << 20;
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof room) || bind(s, (struct sockaddr *)&local, sizeof local)
        || connect(s, (struct sockaddr *)&remote, sizeof remote)) {
        perror("udp_floor");
        return 1;
    }
    if (!strcmp(argv[1], "ping"))
        return ping(s, bytes, count);
    if (!strcmp(argv[1], "send"))
        return stream(s, bytes, count);
    return serve(s, !strcmp(argv[1], "pong"));
}
