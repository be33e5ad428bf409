/* io.accel.core.afxdp.AfXdpNative: the backend's JNI table, and the kick, which is the only call of the burst paths. */
#include "afxdp/afxdp.h"
#include "afxdp/steering.h"
#include "core/tables.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <net/if_arp.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#ifndef SOL_XDP
#define SOL_XDP 283
#endif

/* Values in the order of AfXdpNative.Layout. */
static void afxdp_layout(JNIEnv *env, jclass c, jlong out)
{
    (void)env; (void)c;
    const int32_t values[] = {
        sizeof(struct xdp_desc), offsetof(struct xdp_desc, addr), offsetof(struct xdp_desc, len), offsetof(struct xdp_desc, options),
        XDP_RING_NEED_WAKEUP,
        sizeof(struct interface_facts), offsetof(struct interface_facts, index), offsetof(struct interface_facts, flags),
        offsetof(struct interface_facts, mtu), offsetof(struct interface_facts, hardware_type),
        offsetof(struct interface_facts, rx_queues), offsetof(struct interface_facts, mac), offsetof(struct interface_facts, driver),
        sizeof(struct xsk), offsetof(struct xsk, fd), offsetof(struct xsk, step), offsetof(struct xsk, rx), offsetof(struct xsk, fill),
        offsetof(struct xsk, tx), offsetof(struct xsk, completion),
        offsetof(struct ring, producer), offsetof(struct ring, consumer), offsetof(struct ring, flags), offsetof(struct ring, entries),
        STEERING_QUEUES, XDP_COPY, XDP_ZEROCOPY, XDP_USE_NEED_WAKEUP, XDP_FLAGS_SKB_MODE, XDP_FLAGS_DRV_MODE, IFF_UP, ARPHRD_ETHER,
        ARPHRD_LOOPBACK,
    };
    memcpy(pointer(out), values, sizeof values);
}

static jint afxdp_interface(JNIEnv *env, jclass c, jstring name, jlong out)
{
    (void)c;
    char text[64];
    jsize bytes = (*env)->GetStringUTFLength(env, name);
    if (bytes < 0 || (size_t)bytes >= sizeof text)
        return -ENODEV;
    (*env)->GetStringUTFRegion(env, name, 0, (*env)->GetStringLength(env, name), text);
    text[bytes] = 0;
    return interface_read(text, pointer(out));
}

static jlong afxdp_steering_load(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    struct steering *s;
    int error = steering_load(&s);
    return error ? error : address_of(s);
}

static jint afxdp_steering_attach(JNIEnv *env, jclass c, jlong steering, jint ifindex, jint flags)
{
    (void)env; (void)c;
    return steering_attach(pointer(steering), ifindex, (uint32_t)flags);
}

static void afxdp_steering_configure(JNIEnv *env, jclass c, jlong steering, jlong mac, jint frame_limit)
{
    (void)env; (void)c;
    uint64_t bytes = htobe64((uint64_t)mac << 16);
    steering_configure(pointer(steering), (const uint8_t *)&bytes, (uint32_t)frame_limit);
}

static jint afxdp_steering_queue(JNIEnv *env, jclass c, jlong steering, jint queue, jint socket)
{
    (void)env; (void)c;
    return steering_queue(pointer(steering), (uint32_t)queue, socket);
}

static void put_address(uint32_t to[4], jlong high, jlong low)
{
    const uint64_t halves[] = {htobe64((uint64_t)high), htobe64((uint64_t)low)};
    memcpy(to, halves, sizeof halves);
}

static jint afxdp_steering_filter(JNIEnv *env, jclass c, jlong steering, jboolean install, jint protocol, jlong local_high,
                                  jlong local_low, jint local_port, jboolean full, jlong remote_high, jlong remote_low, jint remote_port)
{
    (void)env; (void)c;
    struct full_filter key;
    memset(&key, 0, sizeof key);
    put_address(key.local.address, local_high, local_low);
    key.local.port = htons((uint16_t)local_port);
    key.local.protocol = (uint16_t)protocol;
    put_address(key.remote, remote_high, remote_low);
    key.remote_port = htons((uint16_t)remote_port);
    return steering_filter(pointer(steering), install, full, &key);
}

static void afxdp_steering_close(JNIEnv *env, jclass c, jlong steering)
{
    (void)env; (void)c;
    steering_close(pointer(steering));
}

static jint afxdp_socket_open(JNIEnv *env, jclass c, jint ifindex, jint queue, jint umem_socket, jint bind_flags, jlong umem,
                              jlong umem_bytes, jint frame_bytes, jint rx_size, jint tx_size, jint completion_size, jlong out)
{
    (void)env; (void)c;
    struct xsk_request request = {
        .ifindex = ifindex, .queue = (uint32_t)queue, .umem_socket = umem_socket, .bind_flags = (uint32_t)bind_flags,
        .umem = (uint64_t)umem, .umem_bytes = (uint64_t)umem_bytes, .frame_bytes = (uint32_t)frame_bytes,
        .rx_size = (uint32_t)rx_size, .fill_size = (uint32_t)rx_size, .tx_size = (uint32_t)tx_size,
        .completion_size = (uint32_t)completion_size,
    };
    return xsk_open(&request, pointer(out));
}

static void afxdp_socket_close(JNIEnv *env, jclass c, jlong xsk)
{
    (void)env; (void)c;
    xsk_close(pointer(xsk));
}

static jint afxdp_is_zero_copy(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    struct xdp_options options = {0};
    socklen_t length = sizeof options;
    if (getsockopt(fd, SOL_XDP, XDP_OPTIONS, &options, &length) != 0)
        return -errno;
    return (options.flags & XDP_OPTIONS_ZEROCOPY) != 0;
}

static jint afxdp_statistics(JNIEnv *env, jclass c, jint fd, jlong out)
{
    (void)env; (void)c;
    struct xdp_statistics s = {0};
    socklen_t length = sizeof s;
    if (getsockopt(fd, SOL_XDP, XDP_STATISTICS, &s, &length) != 0)
        return -errno;
    const int64_t values[] = {
        (int64_t)s.rx_dropped, (int64_t)s.rx_ring_full, (int64_t)s.rx_fill_ring_empty_descs, (int64_t)s.rx_invalid_descs,
        (int64_t)s.tx_invalid_descs,
    };
    memcpy(pointer(out), values, sizeof values);
    return 0;
}

static jlong afxdp_memory_lock_limit(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        return -errno;
    return limit.rlim_cur == RLIM_INFINITY ? INT64_MAX : (jlong)limit.rlim_cur;
}

static uint32_t consumed(const struct ring *tx)
{
    return __atomic_load_n((uint32_t *)(uintptr_t)tx->consumer, __ATOMIC_ACQUIRE);
}

/* counters: kicks, then frames that the device dropped. */
enum { KICKS, DROPPED };

static void count(jlong counters, int which)
{
    __atomic_fetch_add((uint64_t *)pointer(counters) + which, 1, __ATOMIC_RELAXED);
}

/* One sendto sends 32 frames at most in copy mode (net/xdp/xsk.c, TX_BATCH_SIZE) and stops at a frame that the device dropped (EBUSY),
 * so it is called again for as long as the ring moves. A leftover is for the next kick. */
static jint afxdp_kick_tx(JNIEnv *env, jclass c, jlong xsk, jlong counters)
{
    (void)env; (void)c;
    const struct xsk *x = pointer(xsk);
    const uint32_t end = __atomic_load_n((uint32_t *)(uintptr_t)x->tx.producer, __ATOMIC_ACQUIRE);
    uint32_t before = consumed(&x->tx), now;
    count(counters, KICKS);
    for (;;) {
        int error = sendto(x->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 ? errno : 0;
        if (error == EBUSY)
            count(counters, DROPPED);
        else if (error != 0 && error != EAGAIN && error != ENOBUFS && error != EINTR)
            return -error;
        now = consumed(&x->tx);
        if (now == before || (int32_t)(end - now) <= 0)
            return 0;
        before = now;
    }
}

/* Lets drivers that ran out of buffers look at their fill rings again. */
static jint afxdp_kick_rx(JNIEnv *env, jclass c, jlong sockets, jint n)
{
    (void)env; (void)c;
    const int32_t *fds = pointer(sockets);
    int error = 0;
    for (int i = 0; i < n; i++) {
        if (recvfrom(fds[i], NULL, 0, MSG_DONTWAIT, NULL, NULL) < 0 && errno != EAGAIN && errno != EBUSY && errno != ENOBUFS)
            error = -errno;
    }
    return error;
}

static const JNINativeMethod methods[] = {
    METHOD("layout", "(J)V", afxdp_layout),
    METHOD("interfaceFacts", "(Ljava/lang/String;J)I", afxdp_interface),
    METHOD("steeringLoad", "()J", afxdp_steering_load),
    METHOD("steeringAttach", "(JII)I", afxdp_steering_attach),
    METHOD("steeringConfigure", "(JJI)V", afxdp_steering_configure),
    METHOD("steeringQueue", "(JII)I", afxdp_steering_queue),
    METHOD("steeringFilter", "(JZIJJIZJJI)I", afxdp_steering_filter),
    METHOD("steeringClose", "(J)V", afxdp_steering_close),
    METHOD("socketOpen", "(IIIIJJIIIIJ)I", afxdp_socket_open),
    METHOD("socketClose", "(J)V", afxdp_socket_close),
    METHOD("isZeroCopy", "(I)I", afxdp_is_zero_copy),
    METHOD("statistics", "(IJ)I", afxdp_statistics),
    METHOD("memoryLockLimit", "()J", afxdp_memory_lock_limit),
    METHOD("kickTx", "(JJ)I", afxdp_kick_tx),
    METHOD("kickRx", "(JI)I", afxdp_kick_rx),
};

const struct method_table afxdp_table = TABLE("afxdp", methods);
