/* What a poll cannot be cheaper than, for io.accel.core.efvi.FloorCalls of the benchmarks; with as many arguments as a poll has. */
#include "efvi.h"

#include <jni.h>

JNIEXPORT jint JNICALL Java_io_accel_core_efvi_FloorCalls_empty(JNIEnv *env, jclass c, jlong side, jlong records, jint limit,
                                                                  jint given_back)
{
    (void)env; (void)c; (void)side; (void)records; (void)given_back;
    return limit;
}

static void post(struct receive_side *r, const ef_request_id *ids, int n)
{
    for (int i = 0; i < n; i++)
        r->free[r->free_count++] = (uint32_t)ids[i];
    if (r->free_count < POST_BATCH)
        return;
    for (int i = 0; i < r->free_count; i++)
        ef_vi_receive_init(&r->vi, r->memory->dma[r->free[i]], (ef_request_id)r->free[i]);
    ef_vi_receive_push(&r->vi);
    r->free_count = 0;
}

/* The calls of libciul's that a burst needs, which at once gives back what has come: no record is written and nothing is looked at. */
JNIEXPORT jint JNICALL Java_io_accel_core_efvi_FloorCalls_libciul(JNIEnv *env, jclass c, jlong side, jlong records, jint limit,
                                                                    jint given_back)
{
    (void)env; (void)c; (void)records; (void)limit; (void)given_back;
    struct receive_side *const r = (struct receive_side *)(intptr_t)side;
    const int events = ef_eventq_poll(&r->vi, r->events, POLL_BATCH);
    int frames = 0;
    for (int i = 0; i < events; i++) {
        const ef_event *const e = &r->events[i];
        if (EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_REF) {
            efct_vi_rxpkt_release(&r->vi, e->rx_ref.pkt_id);
            frames++;
        } else {
            const bool merged = EF_EVENT_TYPE(*e) == EF_EVENT_TYPE_RX_MULTI;
            const int n = merged ? ef_vi_receive_unbundle(&r->vi, e, r->ids) : 1;
            if (!merged)
                r->ids[0] = (ef_request_id)EF_EVENT_RX_RQ_ID(*e);
            post(r, r->ids, n);
            frames += n;
        }
    }
    return frames;
}
