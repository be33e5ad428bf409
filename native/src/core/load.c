/* Entry point: registers Natives.register0, through which every other class links its own table. */
#include "core/tables.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void throw_unsatisfied(JNIEnv *env, const char *what, const char *name)
{
    char text[160];
    jclass error = (*env)->FindClass(env, "java/lang/UnsatisfiedLinkError");
    if (error == NULL)
        return;
    snprintf(text, sizeof text, "%s '%s'", what, name);
    (*env)->ThrowNew(env, error, text);
}

static void register_table(JNIEnv *env, jclass natives, jclass holder, jstring table)
{
    (void)natives;
    const char *name = (*env)->GetStringUTFChars(env, table, NULL);
    if (name == NULL)
        return;
    const struct method_table *found = NULL;
    for (size_t i = 0; i < sizeof method_tables / sizeof method_tables[0]; i++) {
        if (strcmp(method_tables[i]->name, name) == 0)
            found = method_tables[i];
    }
    if (found == NULL)
        throw_unsatisfied(env, "libaccel.so has no method table", name);
    else if ((*env)->RegisterNatives(env, holder, found->methods, found->count) != 0 && !(*env)->ExceptionCheck(env))
        throw_unsatisfied(env, "RegisterNatives refused the table", name);
    (*env)->ReleaseStringUTFChars(env, table, name);
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    (void)reserved;
    static const JNINativeMethod methods[] = {
        METHOD("register0", "(Ljava/lang/Class;Ljava/lang/String;)V", register_table),
    };
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
        return JNI_ERR;
    jclass natives = (*env)->FindClass(env, "io/accel/core/natives/Natives");
    if (natives == NULL || (*env)->RegisterNatives(env, natives, methods, 1) != 0)
        return JNI_ERR;
    return JNI_VERSION_10;
}
