/* io.accel.core.natives.Posix: system calls one to one, results or negated errno. */
#include "core/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* asm-generic/mman-common.h, Linux 5.14 */
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* asm-generic/socket.h, Linux 5.14 */
#endif

/* A path lives on the C stack during a call; longer ones are refused with ENAMETOOLONG. */
struct path {
    char text[1024];
};

static int path_of(JNIEnv *env, jstring string, struct path *path)
{
    jsize bytes = (*env)->GetStringUTFLength(env, string);
    if (bytes < 0 || (size_t)bytes >= sizeof path->text)
        return -ENAMETOOLONG;
    (*env)->GetStringUTFRegion(env, string, 0, (*env)->GetStringLength(env, string), path->text);
    path->text[bytes] = 0;
    return 0;
}

static jint result_of(long r)
{
    return r < 0 ? -errno : (jint)r;
}

static jstring posix_strerror(JNIEnv *env, jclass c, jint error)
{
    (void)c;
    char text[128];
    return (*env)->NewStringUTF(env, strerror_r(error, text, sizeof text));
}

static jint posix_close(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    return result_of(close(fd));
}

static jint posix_event_fd(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return result_of(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

static jint posix_event_fd_signal(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    uint64_t one = 1;
    return write(fd, &one, sizeof one) == sizeof one ? 0 : -errno;
}

static jint posix_event_fd_drain(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    uint64_t count;
    return read(fd, &count, sizeof count) == sizeof count || errno == EAGAIN ? 0 : -errno;
}

static jint posix_epoll_create(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return result_of(epoll_create1(EPOLL_CLOEXEC));
}

static jint posix_epoll_ctl(JNIEnv *env, jclass c, jint epoll, jint operation, jint fd, jint events, jlong data)
{
    (void)env; (void)c;
    struct epoll_event event = {.events = (uint32_t)events, .data.u64 = (uint64_t)data};
    return result_of(epoll_ctl(epoll, operation, fd, &event));
}

/* epoll_event is packed on x86-64 only; Java sees 16-byte records on every platform. */
struct epoll_record {
    uint32_t events;
    uint32_t unused;
    uint64_t data;
};

enum { EPOLL_CHUNK = 1024 }; /* Sleeper.MAX_EVENTS, and what the JDK's selector takes at once */

static jint posix_epoll_wait(JNIEnv *env, jclass c, jint epoll, jlong out, jint max, jlong timeout)
{
    (void)env; (void)c;
    struct epoll_event events[EPOLL_CHUNK];
    struct epoll_record *record = pointer(out);
    struct timespec t = {timeout / 1000000000, timeout % 1000000000}, *wait = timeout < 0 ? NULL : &t;
    if (max > EPOLL_CHUNK)
        max = EPOLL_CHUNK;
    int n;
    if (timeout == 0) {
        n = epoll_wait(epoll, events, max, 0);
    } else {
        n = (int)syscall(SYS_epoll_pwait2, epoll, events, max, wait, NULL, 0);
        if (n < 0 && errno == ENOSYS) /* before Linux 5.11 */
            n = epoll_wait(epoll, events, max, timeout < 0 ? -1 : (int)((timeout + 999999) / 1000000));
    }
    for (int i = 0; i < n; i++)
        record[i] = (struct epoll_record){events[i].events, 0, events[i].data.u64};
    return result_of(n);
}

static jint posix_map_file(JNIEnv *env, jclass c, jstring name, jlong length, jlong allocate, jlong out)
{
    (void)c;
    bool create = allocate >= 0;
    struct path path;
    int error = path_of(env, name, &path);
    if (error)
        return error;
    int fd = open(path.text, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT | O_EXCL : 0), 0600);
    if (fd < 0)
        return -errno;
    struct stat st;
    /* Space before length: who maps the file in between must not load where there is none. */
    if (create && ((allocate > 0 && posix_fallocate(fd, 0, allocate) != 0) || ftruncate(fd, length) != 0))
        error = -ENOSPC;
    else if (fstat(fd, &st) != 0)
        error = -errno;
    else if (!S_ISREG(st.st_mode) || st.st_size == 0 || st.st_size < length)
        error = -EINVAL;
    void *at = MAP_FAILED;
    if (error == 0) {
        if (length == 0)
            length = st.st_size;
        at = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
            error = -errno;
    }
    close(fd);
    if (error != 0) {
        if (create)
            unlink(path.text);
        return error;
    }
    ((jlong *)pointer(out))[0] = address_of(at);
    ((jlong *)pointer(out))[1] = length;
    return 0;
}

static jint posix_populate(JNIEnv *env, jclass c, jlong at, jlong length)
{
    (void)env; (void)c;
    return result_of(madvise(pointer(at), (size_t)length, MADV_POPULATE_WRITE));
}

static jint posix_discard(JNIEnv *env, jclass c, jlong at, jlong length)
{
    (void)env; (void)c;
    return result_of(madvise(pointer(at), (size_t)length, MADV_REMOVE));
}

static jlong posix_map_anonymous(JNIEnv *env, jclass c, jlong length)
{
    (void)env; (void)c;
    void *at = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? -errno : address_of(at);
}

static jint posix_unmap(JNIEnv *env, jclass c, jlong at, jlong length)
{
    (void)env; (void)c;
    return result_of(munmap(pointer(at), (size_t)length));
}

static jobject posix_wrap(JNIEnv *env, jclass c, jlong at, jint length)
{
    (void)c;
    return (*env)->NewDirectByteBuffer(env, pointer(at), length);
}

static jint posix_mkdir(JNIEnv *env, jclass c, jstring name, jint mode)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    return error ? error : result_of(mkdir(path.text, (mode_t)mode));
}

static jint posix_rmdir(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    return error ? error : result_of(rmdir(path.text));
}

static jint posix_unlink(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    return error ? error : result_of(unlink(path.text));
}

/* Written beside the file and renamed over it, so that a reader sees the old bytes or the new, whenever the writer dies. */
static jint posix_replace_file(JNIEnv *env, jclass c, jstring name, jstring beside, jbyteArray bytes, jint length)
{
    (void)c;
    struct path path, temporary;
    int error = path_of(env, name, &path);
    if (error == 0)
        error = path_of(env, beside, &temporary);
    if (error)
        return error;
    if (length < 0 || length > (*env)->GetArrayLength(env, bytes))
        return -EINVAL;
    char *copy = malloc(length > 0 ? (size_t)length : 1);
    if (!copy)
        return -ENOMEM;
    (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)copy);
    int fd = open(temporary.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        error = -errno;
    } else {
        for (ssize_t done = 0, n; error == 0 && done < length; done += n) {
            n = write(fd, copy + done, (size_t)(length - done));
            if (n < 0)
                error = -errno;
        }
        close(fd);
        if (error == 0 && rename(temporary.text, path.text) != 0)
            error = -errno;
        if (error != 0)
            unlink(temporary.text);
    }
    free(copy);
    return error;
}

static jstring posix_readlink(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path, target;
    if (path_of(env, name, &path) != 0)
        return NULL;
    ssize_t n = readlink(path.text, target.text, sizeof target.text - 1);
    if (n < 0)
        return NULL;
    target.text[n] = 0;
    return (*env)->NewStringUTF(env, target.text);
}

static jint posix_lock_file(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    if (error)
        return error;
    int fd = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return fd;
    error = errno == EACCES ? -EAGAIN : -errno;
    close(fd);
    return error;
}

static jint posix_is_locked(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    if (error)
        return error;
    int fd = open(path.text, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -errno;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    jint r = fcntl(fd, F_OFD_GETLK, &lock) == 0 ? lock.l_type != F_UNLCK : -errno;
    close(fd);
    return r;
}

static jint posix_effective_user(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return (jint)geteuid();
}

static jlong posix_network_namespace_cookie(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    uint64_t cookie = 0;
    socklen_t length = sizeof cookie;
    jlong r = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) == 0 ? (jlong)cookie : -errno;
    close(fd);
    return r;
}

static jint posix_socket_option(JNIEnv *env, jclass c, jint fd, jint level, jint option)
{
    (void)env; (void)c;
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, option, &value, &length) == 0 ? value : -errno;
}

static jlong posix_owner_and_mode(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct path path;
    int error = path_of(env, name, &path);
    struct stat st;
    if (error == 0 && lstat(path.text, &st) != 0)
        error = -errno;
    return error ? error : (jlong)((uint64_t)st.st_uid << 32 | st.st_mode);
}

static int unix_address(JNIEnv *env, jstring name, struct sockaddr_un *address)
{
    struct path path;
    int error = path_of(env, name, &path);
    if (error == 0 && strlen(path.text) >= sizeof address->sun_path)
        error = -ENAMETOOLONG;
    if (error == 0) {
        *address = (struct sockaddr_un){.sun_family = AF_UNIX};
        strcpy(address->sun_path, path.text);
    }
    return error;
}

static jint posix_unix_datagram_socket(JNIEnv *env, jclass c, jstring name)
{
    (void)c;
    struct sockaddr_un address;
    if (name != NULL) {
        int error = unix_address(env, name, &address);
        if (error)
            return error;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (name != NULL && bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

static jint posix_unix_signal(JNIEnv *env, jclass c, jint fd, jstring name)
{
    (void)c;
    struct sockaddr_un address;
    int error = unix_address(env, name, &address);
    if (error)
        return error;
    /* A full queue means that the sleeper has been woken already. */
    return sendto(fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN
        ? 0 : -errno;
}

static jint posix_unix_drain(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    char byte;
    while (recv(fd, &byte, sizeof byte, MSG_DONTWAIT) >= 0)
        ;
    return errno == EAGAIN ? 0 : -errno;
}

static jint posix_set_timer_slack(JNIEnv *env, jclass c, jlong nanos)
{
    (void)env; (void)c;
    return result_of(prctl(PR_SET_TIMERSLACK, (unsigned long)nanos, 0, 0, 0));
}

static int ask_driver(const char *name, struct ethtool_drvinfo *driver)
{
    struct ifreq r = {.ifr_data = (void *)driver};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    strcpy(r.ifr_name, name);
    const int error = ioctl(fd, SIOCETHTOOL, &r) == 0 ? 0 : -errno;
    close(fd);
    return error;
}

static jstring posix_driver(JNIEnv *env, jclass c, jstring interface)
{
    (void)c;
    struct path name;
    struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
    if (path_of(env, interface, &name) != 0 || strlen(name.text) >= IFNAMSIZ || ask_driver(name.text, &driver) != 0)
        return NULL;
    char text[sizeof driver];
    snprintf(text, sizeof text, "%.*s\n%.*s\n%.*s", (int)sizeof driver.driver, driver.driver, (int)sizeof driver.version, driver.version,
             (int)sizeof driver.fw_version, driver.fw_version);
    return (*env)->NewStringUTF(env, text);
}

static const JNINativeMethod methods[] = {
    METHOD("strerror", "(I)Ljava/lang/String;", posix_strerror),
    METHOD("close", "(I)I", posix_close),
    METHOD("eventFd", "()I", posix_event_fd),
    METHOD("eventFdSignal", "(I)I", posix_event_fd_signal),
    METHOD("eventFdDrain", "(I)I", posix_event_fd_drain),
    METHOD("epollCreate", "()I", posix_epoll_create),
    METHOD("epollCtl", "(IIIIJ)I", posix_epoll_ctl),
    METHOD("epollWait", "(IJIJ)I", posix_epoll_wait),
    METHOD("mapFile", "(Ljava/lang/String;JJJ)I", posix_map_file),
    METHOD("populate", "(JJ)I", posix_populate),
    METHOD("discard", "(JJ)I", posix_discard),
    METHOD("mapAnonymous", "(J)J", posix_map_anonymous),
    METHOD("unmap", "(JJ)I", posix_unmap),
    METHOD("wrap", "(JI)Ljava/nio/ByteBuffer;", posix_wrap),
    METHOD("mkdir", "(Ljava/lang/String;I)I", posix_mkdir),
    METHOD("rmdir", "(Ljava/lang/String;)I", posix_rmdir),
    METHOD("unlink", "(Ljava/lang/String;)I", posix_unlink),
    METHOD("replaceFile", "(Ljava/lang/String;Ljava/lang/String;[BI)I", posix_replace_file),
    METHOD("readlink", "(Ljava/lang/String;)Ljava/lang/String;", posix_readlink),
    METHOD("lockFile", "(Ljava/lang/String;)I", posix_lock_file),
    METHOD("isLocked", "(Ljava/lang/String;)I", posix_is_locked),
    METHOD("effectiveUser", "()I", posix_effective_user),
    METHOD("networkNamespaceCookie", "()J", posix_network_namespace_cookie),
    METHOD("socketOption", "(III)I", posix_socket_option),
    METHOD("ownerAndMode", "(Ljava/lang/String;)J", posix_owner_and_mode),
    METHOD("unixDatagramSocket", "(Ljava/lang/String;)I", posix_unix_datagram_socket),
    METHOD("unixSignal", "(ILjava/lang/String;)I", posix_unix_signal),
    METHOD("setTimerSlack", "(J)I", posix_set_timer_slack),
    METHOD("unixDrain", "(I)I", posix_unix_drain),
    METHOD("driver", "(Ljava/lang/String;)Ljava/lang/String;", posix_driver),
};

const struct method_table posix_table = TABLE("posix", methods);
