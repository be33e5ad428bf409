/* An AF_XDP socket from plain system calls, in libxdp's order: socket, UMEM, rings, mappings, bind. Documentation/networking/af_xdp.rst */
#include "afxdp/afxdp.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef SOL_XDP
#define SOL_XDP 283
#endif

static int set(int fd, int option, const void *value, socklen_t length)
{
    return setsockopt(fd, SOL_XDP, option, value, length) == 0 ? 0 : -errno;
}

static int register_memory(int fd, const struct xsk_request *q)
{
    struct xdp_umem_reg reg;
    memset(&reg, 0, sizeof reg);
    reg.addr = q->umem;
    reg.len = q->umem_bytes;
    reg.chunk_size = q->frame_bytes;
    return set(fd, XDP_UMEM_REG, &reg, sizeof reg);
}

static int create_rings(int fd, const struct xsk_request *q)
{
    int error = set(fd, XDP_UMEM_FILL_RING, &q->fill_size, sizeof q->fill_size);
    if (error == 0)
        error = set(fd, XDP_UMEM_COMPLETION_RING, &q->completion_size, sizeof q->completion_size);
    if (error == 0)
        error = set(fd, XDP_RX_RING, &q->rx_size, sizeof q->rx_size);
    if (error == 0 && q->tx_size != 0)
        error = set(fd, XDP_TX_RING, &q->tx_size, sizeof q->tx_size);
    return error;
}

static int map_ring(int fd, uint64_t page, const struct xdp_ring_offset *at, uint32_t size, size_t entry_bytes, struct ring *ring)
{
    size_t bytes = at->desc + size * entry_bytes;
    char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)page);
    if (map == MAP_FAILED)
        return -errno;
    *ring = (struct ring){
        .producer = (uintptr_t)(map + at->producer),
        .consumer = (uintptr_t)(map + at->consumer),
        .flags = (uintptr_t)(map + at->flags),
        .entries = (uintptr_t)(map + at->desc),
        .size = size,
        .map = (uintptr_t)map,
        .map_bytes = bytes,
    };
    return 0;
}

static int map_rings(int fd, const struct xsk_request *q, struct xsk *xsk)
{
    struct xdp_mmap_offsets at;
    socklen_t length = sizeof at;
    if (getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &length) != 0)
        return -errno;
    if (length != sizeof at) /* before Linux 5.4 the rings had no flags */
        return -EOPNOTSUPP;
    int error = map_ring(fd, XDP_UMEM_PGOFF_FILL_RING, &at.fr, q->fill_size, sizeof(uint64_t), &xsk->fill);
    if (error == 0)
        error = map_ring(fd, XDP_UMEM_PGOFF_COMPLETION_RING, &at.cr, q->completion_size, sizeof(uint64_t), &xsk->completion);
    if (error == 0)
        error = map_ring(fd, XDP_PGOFF_RX_RING, &at.rx, q->rx_size, sizeof(struct xdp_desc), &xsk->rx);
    if (error == 0 && q->tx_size != 0)
        error = map_ring(fd, XDP_PGOFF_TX_RING, &at.tx, q->tx_size, sizeof(struct xdp_desc), &xsk->tx);
    return error;
}

/* The kernel takes mode flags from the first socket of a UMEM and refuses them on the others. */
static int bind_to_queue(int fd, const struct xsk_request *q)
{
    struct sockaddr_xdp address = {
        .sxdp_family = AF_XDP,
        .sxdp_flags = (uint16_t)q->bind_flags,
        .sxdp_ifindex = (uint32_t)q->ifindex,
        .sxdp_queue_id = q->queue,
    };
    if (q->umem_socket >= 0) {
        address.sxdp_flags = XDP_SHARED_UMEM;
        address.sxdp_shared_umem_fd = (uint32_t)q->umem_socket;
    }
    return bind(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
}

int xsk_open(const struct xsk_request *q, struct xsk *xsk)
{
    memset(xsk, 0, sizeof *xsk);
    xsk->step = XSK_SOCKET;
    xsk->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (xsk->fd < 0)
        return -errno;
    int error = 0;
    if (q->umem_socket < 0) {
        xsk->step = XSK_MEMORY;
        error = register_memory(xsk->fd, q);
    }
    if (error == 0) {
        xsk->step = XSK_RINGS;
        error = create_rings(xsk->fd, q);
    }
    if (error == 0) {
        xsk->step = XSK_MAP;
        error = map_rings(xsk->fd, q, xsk);
    }
    if (error == 0) {
        xsk->step = XSK_BIND;
        error = bind_to_queue(xsk->fd, q);
    }
    if (error)
        xsk_close(xsk);
    else
        xsk->step = 0;
    return error;
}

void xsk_close(struct xsk *xsk)
{
    const struct ring *rings[] = {&xsk->rx, &xsk->fill, &xsk->tx, &xsk->completion};
    for (unsigned i = 0; i < sizeof rings / sizeof rings[0]; i++) {
        if (rings[i]->map_bytes != 0)
            munmap((void *)(uintptr_t)rings[i]->map, rings[i]->map_bytes);
    }
    close(xsk->fd);
}
