/* What a native call costs that does nothing, for io.accel.core.efvi.EmptyCall of the benchmarks; as many arguments as a poll has. */
#include <jni.h>

JNIEXPORT jint JNICALL Java_io_accel_core_efvi_EmptyCall_call(JNIEnv *env, jclass c, jlong side, jlong records, jint limit, jint given_back)
{
    (void)env; (void)c; (void)side; (void)records; (void)given_back;
    return limit;
}
