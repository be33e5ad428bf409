/* io.accel.core.natives.JdkModules: the two members of java.lang.Module that open a package of java.base to one module, which Java code
 * cannot reach and JNI can. A JDK without them leaves a NoSuchMethodError that names the member. */
#include "core/tables.h"

#include <stddef.h>

static void open_package(JNIEnv *env, jobject from, jstring package, jobject to, const char *member)
{
    jclass module = (*env)->GetObjectClass(env, from);
    jmethodID method = (*env)->GetMethodID(env, module, member, "(Ljava/lang/String;Ljava/lang/Module;)V");
    if (method != NULL)
        (*env)->CallVoidMethod(env, from, method, package, to);
}

static void add_exports(JNIEnv *env, jclass c, jobject from, jstring package, jobject to)
{
    (void)c;
    open_package(env, from, package, to, "implAddExports");
}

static void add_opens(JNIEnv *env, jclass c, jobject from, jstring package, jobject to)
{
    (void)c;
    open_package(env, from, package, to, "implAddOpens");
}

static const JNINativeMethod methods[] = {
    METHOD("addExports", "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V", add_exports),
    METHOD("addOpens", "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V", add_opens),
};

const struct method_table jdk_modules_table = TABLE("jdk-modules", methods);
