/* TCP throughput of one connection: tcp_stream receive IP PORT, then tcp_stream send IP PORT SECONDS; the receiver prints it. */
#include "floor.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 18];

static int receive(int listener)
{
    int s = accept(listener, NULL, NULL);
    uint64_t bytes = 0, start = now_ns();
    ssize_t n;
    if (s < 0) {
        perror("accept");
        return 1;
    }
    while ((n = read(s, buffer, sizeof buffer)) > 0)
        bytes += (uint64_t)n;
    printf("{\"program\":\"tcp_stream\",\"mbit\":%.0f}\n", (double)bytes * 8e3 / (double)(now_ns() - start));
    return 0;
}

static int transmit(const struct sockaddr_in *to, uint64_t ns)
{
    for (int i = 0; i < 500; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (s < 0)
            break;
        if (connect(s, (const struct sockaddr *)to, sizeof *to)) {
            close(s);
            pause_ms(20);
            continue;
        }
        for (uint64_t start = now_ns(); now_ns() - start < ns;)
            if (write(s, buffer, sizeof buffer) < 0) {
                perror("write");
                return 1;
            }
        return 0;
    }
    perror("connect");
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 4 || (!strcmp(argv[1], "send") && argc < 5)) {
        fprintf(stderr, "usage: tcp_stream receive IP PORT | send IP PORT SECONDS\n");
        return 2;
    }
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[3])), .sin_addr.s_addr = inet_addr(argv[2])};
    if (!strcmp(argv[1], "send"))
        return transmit(&a, (uint64_t)atoi(argv[4]) * SECOND);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on)
        || bind(listener, (struct sockaddr *)&a, sizeof a) || listen(listener, 1)) {
        perror("tcp_stream");
        return 1;
    }
    return receive(listener);
}
