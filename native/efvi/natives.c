/* io.accel.core.efvi.EfviNative: the JNI table. This library is loaded by itself, so that the main one depends on libc only. */
#include "core/jni_support.h"
#include "efvi.h"

#include <errno.h>
#include <string.h>

/* Values in the order of io.accel.core.efvi.Layout. */
static void efvi_layout(JNIEnv *env, jclass c, jlong out)
{
    (void)env; (void)c;
#define FACT(name) offsetof(struct facts, name)
#define FILTER(name) offsetof(struct filter_request, name)
    const int32_t values[] = {
        sizeof(struct facts), FACT(memory), FACT(memory_bytes), FACT(receive), FACT(transmit), FACT(given_back), FACT(receive_counters),
        FACT(windows), FACT(sends), FACT(done), FACT(transmit_counters), FACT(huge_pages), FACT(arch), FACT(variant), FACT(revision),
        FACT(mtu), FACT(receive_descriptor), FACT(transmit_capacity), FACT(transmit_longest), FACT(lends), FACT(stamps),
        FACT(transmit_stamps), FACT(merges), FACT(ctpio), FACT(ctpio_only), FACT(pio), FACT(software_checksums),
        FACT(multicast_replication), FACT(clustered), FACT(vis), FACT(set_refused), FACT(mac), FACT(interface),
        sizeof(struct filter_request), FILTER(fields), FILTER(family), FILTER(protocol), FILTER(local_port), FILTER(remote_port),
        FILTER(vlan), FILTER(ether_type), FILTER(scope), FILTER(queue), FILTER(mac), FILTER(local),
        FILTER(remote), FILTER(id), FILTER(type),
        sizeof(struct send), offsetof(struct send, buffer), offsetof(struct send, length), offsetof(struct send, more),
        WINDOW_BITS, SEND_PARTS, RX_DISCARDS, RX_NO_DESC_TRUNC, RX_UNREACHABLE, RX_SOFTWARE_EVENTS, RX_UNKNOWN_EVENTS, TX_ERRORS,
        TX_LOST, TX_FIFO_FULL, TX_STALLED, TX_CTPIO, TX_STAMPED, TX_SOFTWARE_EVENTS, TX_UNKNOWN_EVENTS,
        offsetof(struct receive_side, free_count),
    };
    memcpy(pointer(out), values, sizeof values);
}

/* For the test that compares the record with EventBatch: offsets in the order of its constants. */
static void efvi_record_layout(JNIEnv *env, jclass c, jlong out)
{
    (void)env; (void)c;
#define RECORD(name) offsetof(struct event_record, name)
    const int32_t values[] = {
        sizeof(struct event_record), RECORD(type), RECORD(flags), RECORD(checksum), RECORD(clock), RECORD(length), RECORD(address),
        RECORD(token), RECORD(peer), RECORD(queue), RECORD(vlan), RECORD(timestamp), RECORD(region), RECORD(detail),
        RECORD_RX, RECORD_RX_DISCARD, RECORD_OVERFLOW, RECORD_RESET, RECORD_SOP, RECORD_CONT, CHECKSUM_UNKNOWN, CHECKSUM_VERIFIED,
        CLOCK_PRESENT, EF_VI_SYNC_FLAG_CLOCK_SET, EF_VI_SYNC_FLAG_CLOCK_IN_SYNC,
    };
    memcpy(pointer(out), values, sizeof values);
}

static jstring efvi_version(JNIEnv *env, jclass c)
{
    (void)c;
    return (*env)->NewStringUTF(env, ef_vi_version_str());
}

/* Structures are laid out by the headers, functions know those of their own release: the number of capabilities tells releases apart. */
static jboolean efvi_matches_headers(JNIEnv *env, jclass c)
{
    (void)env; (void)c;
    return ef_vi_capabilities_max() == EF_VI_CAP_MAX - 1;
}

static jlong efvi_jni_open(JNIEnv *env, jclass c, jstring interface, jint receive_buffers, jint send_buffers, jint vis, jint ring,
                           jint refill, jint given_back, jint pd_flags, jint flags, jlong step)
{
    (void)c;
    char name[64];
    const jsize bytes = (*env)->GetStringUTFLength(env, interface);
    if (bytes < 0 || (size_t)bytes >= sizeof name)
        return -ENODEV;
    (*env)->GetStringUTFRegion(env, interface, 0, (*env)->GetStringLength(env, interface), name);
    name[bytes] = 0;
    const struct open_request request = {
        .interface = name, .receive_buffers = (uint32_t)receive_buffers, .send_buffers = (uint32_t)send_buffers, .vis = vis,
        .receive_ring = ring, .transmit_ring = ring, .refill = refill, .given_back_capacity = given_back, .pd_flags = pd_flags,
        .flags = flags,
    };
    struct efvi *e = NULL;
    int where = 0;
    const int error = efvi_open(&request, &e, &where);
    *(int32_t *)pointer(step) = where;
    return error ? error : address_of(e);
}

static void efvi_jni_facts(JNIEnv *env, jclass c, jlong efvi, jint side, jlong out)
{
    (void)env; (void)c;
    efvi_facts(pointer(efvi), side, pointer(out));
}

static void efvi_jni_close(JNIEnv *env, jclass c, jlong efvi, jboolean keep_buffers)
{
    (void)env; (void)c;
    efvi_close(pointer(efvi), keep_buffers);
}

enum { TEXT_BYTES = 8192 };

static jstring efvi_jni_capabilities(JNIEnv *env, jclass c, jlong efvi)
{
    (void)c;
    char text[TEXT_BYTES];
    efvi_capabilities(pointer(efvi), text, sizeof text);
    return (*env)->NewStringUTF(env, text);
}

static jstring efvi_jni_statistics(JNIEnv *env, jclass c, jlong efvi)
{
    (void)c;
    char text[TEXT_BYTES];
    return efvi_statistics(pointer(efvi), text, sizeof text) == 0 ? (*env)->NewStringUTF(env, text) : NULL;
}

static jint efvi_filter_add(JNIEnv *env, jclass c, jlong efvi, jlong request)
{
    (void)env; (void)c;
    return filter_add(pointer(efvi), pointer(request));
}

static jint efvi_filter_remove(JNIEnv *env, jclass c, jlong efvi, jint id, jint type)
{
    (void)env; (void)c;
    return filter_remove(pointer(efvi), id, type);
}

static jint efvi_poll(JNIEnv *env, jclass c, jlong receive, jlong records, jint limit, jint given_back)
{
    (void)env; (void)c;
    return receive_poll(pointer(receive), pointer(records), limit, given_back);
}

static jint efvi_prime(JNIEnv *env, jclass c, jlong receive, jint given_back)
{
    (void)env; (void)c;
    return receive_prime(pointer(receive), given_back);
}

static jint efvi_wake_fd(JNIEnv *env, jclass c, jlong receive)
{
    (void)env; (void)c;
    return ((struct receive_side *)pointer(receive))->driver;
}

/* 0 or negated errno in the lower half, the number of buffers that have been sent in the upper one. */
static jlong efvi_submit(JNIEnv *env, jclass c, jlong transmit, jint count)
{
    (void)env; (void)c;
    struct transmit_side *t = pointer(transmit);
    const int error = transmit_submit(t, count);
    return (jlong)((uint64_t)t->done_count << 32 | (uint32_t)error);
}

static jint efvi_reap(JNIEnv *env, jclass c, jlong transmit)
{
    (void)env; (void)c;
    struct transmit_side *t = pointer(transmit);
    t->done_count = 0;
    transmit_reap(t);
    return t->done_count;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    (void)reserved;
    static const JNINativeMethod methods[] = {
        METHOD("layout", "(J)V", efvi_layout),
        METHOD("recordLayout", "(J)V", efvi_record_layout),
        METHOD("version", "()Ljava/lang/String;", efvi_version),
        METHOD("matchesHeaders", "()Z", efvi_matches_headers),
        METHOD("open", "(Ljava/lang/String;IIIIIIIIJ)J", efvi_jni_open),
        METHOD("facts", "(JIJ)V", efvi_jni_facts),
        METHOD("close", "(JZ)V", efvi_jni_close),
        METHOD("capabilities", "(J)Ljava/lang/String;", efvi_jni_capabilities),
        METHOD("statistics", "(J)Ljava/lang/String;", efvi_jni_statistics),
        METHOD("filterAdd", "(JJ)I", efvi_filter_add),
        METHOD("filterRemove", "(JII)I", efvi_filter_remove),
        METHOD("poll", "(JJII)I", efvi_poll),
        METHOD("prime", "(JI)I", efvi_prime),
        METHOD("wakeFd", "(J)I", efvi_wake_fd),
        METHOD("submit", "(JI)J", efvi_submit),
        METHOD("reap", "(J)I", efvi_reap),
    };
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
        return JNI_ERR;
    jclass natives = (*env)->FindClass(env, "io/accel/core/efvi/EfviNative");
    if (natives == NULL || (*env)->RegisterNatives(env, natives, methods, sizeof methods / sizeof methods[0]) != 0)
        return JNI_ERR;
    return JNI_VERSION_10;
}
