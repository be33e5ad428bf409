/* The method tables that Natives.register() links Java classes to, by name: a line here and a table in the file that owns it. */
#ifndef ACCEL_TABLES_H
#define ACCEL_TABLES_H

#include "core/jni_support.h"

struct method_table {
    const char *name;
    const JNINativeMethod *methods;
    int count;
};

#define TABLE(name, methods) {name, methods, (int)(sizeof(methods) / sizeof((methods)[0]))}

extern const struct method_table posix_table;
extern const struct method_table jdk_modules_table;
extern const struct method_table route_table;
extern const struct method_table afxdp_table;
extern const struct method_table group_table;

static const struct method_table *const method_tables[] = {
    &posix_table,
    &jdk_modules_table,
    &route_table,
    &afxdp_table,
    &group_table,
};

#endif
