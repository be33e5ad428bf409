/*
 * What a plain C program does at the other end of the wire:
 *   wire echo ADDRESS PORT [reuse]   sends every datagram back
 *   wire train ADDRESS PORT BYTES COUNT  sends so many datagrams as one, for the kernel or the device to cut (UDP_SEGMENT)
 *   wire inject DEVICE               sends frames as they are, one a line in hexadecimal from standard input
 *   wire scribble FILE SEED          overwrites random bytes of a file, as a broken process that shares it would
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int echo(const char *address, const char *port, int reuse)
{
    static char buffer[65536];
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = inet_addr(address)};
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) != 0
        || bind(fd, (const struct sockaddr *)&local, sizeof local) != 0)
        return fail("bind");
    printf("echo at %s:%s\n", address, port);
    fflush(stdout);
    for (;;) {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        const ssize_t n = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &size);
        if (n < 0)
            return fail("recvfrom");
        if (sendto(fd, buffer, (size_t)n, 0, (const struct sockaddr *)&from, size) != n)
            perror("sendto");
        printf("%zd bytes\n", n);
        fflush(stdout);
    }
}

static int train(const char *address, const char *port, int bytes, int count)
{
    static char buffer[65000];
    const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = inet_addr(address)};
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || bytes * count > (int)sizeof buffer || setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &bytes, sizeof bytes) != 0)
        return fail("UDP_SEGMENT");
    for (int i = 0; i < bytes * count; i++)
        buffer[i] = (char)(bytes * 7 + i % bytes * 31);
    if (sendto(fd, buffer, (size_t)(bytes * count), 0, (const struct sockaddr *)&to, sizeof to) != bytes * count)
        return fail("sendto");
    return 0;
}

static int inject(const char *device)
{
    static char line[8192];
    const struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device)};
    const int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || to.sll_ifindex == 0)
        return fail(device);
    int sent = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned char frame[4096];
        size_t bytes = 0;
        unsigned value;
        for (const char *at = line; bytes < sizeof frame && sscanf(at, "%2x", &value) == 1; at += 2)
            frame[bytes++] = (unsigned char)value;
        if (bytes != 0 && sendto(fd, frame, bytes, 0, (const struct sockaddr *)&to, sizeof to) != (ssize_t)bytes)
            return fail("sendto");
        sent += bytes != 0;
    }
    printf("%d frames\n", sent);
    return 0;
}

static int scribble(const char *file, unsigned seed)
{
    const int fd = open(file, O_RDWR);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) != 0)
        return fail(file);
    if (facts.st_size == 0)
        return 0;
    unsigned char *bytes = mmap(NULL, (size_t)facts.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return fail("mmap");
    srandom(seed);
    for (int i = 0; i < 2000; i++) {
        /* Half of it where control words are. */
        const size_t range = i % 2 == 0 && facts.st_size > 4096 ? 4096 : (size_t)facts.st_size;
        bytes[(size_t)random() % range] = (unsigned char)random();
    }
    return 0;
}

int main(int count, char **words)
{
    if (count >= 4 && strcmp(words[1], "echo") == 0)
        return echo(words[2], words[3], count > 4);
    if (count == 6 && strcmp(words[1], "train") == 0)
        return train(words[2], words[3], atoi(words[4]), atoi(words[5]));
    if (count == 3 && strcmp(words[1], "inject") == 0)
        return inject(words[2]);
    if (count == 4 && strcmp(words[1], "scribble") == 0)
        return scribble(words[2], (unsigned)atoi(words[3]));
    fprintf(stderr, "usage: wire echo ADDRESS PORT [reuse] | train ADDRESS PORT BYTES COUNT | inject DEVICE | scribble FILE SEED\n");
    return 2;
}
