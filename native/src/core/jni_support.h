/* What every file with native methods needs. */
#ifndef ACCEL_JNI_SUPPORT_H
#define ACCEL_JNI_SUPPORT_H

#include <jni.h>
#include <stdint.h>

#define METHOD(name, signature, function) {(char *)(name), (char *)(signature), (void *)(function)}

/* Raw addresses cross JNI as jlong. */
static inline void *pointer(jlong address)
{
    return (void *)(uintptr_t)address;
}

static inline jlong address_of(const void *p)
{
    return (jlong)(uintptr_t)p;
}

#endif
