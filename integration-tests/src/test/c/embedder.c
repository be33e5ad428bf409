/*
 * A program with a JVM in it, as jsvc or JPype are: JDK_JAVA_OPTIONS means nothing to it.
 *
 * usage: embedder CLASSPATH pkg/Main
 */
#include <jni.h>
#include <stdio.h>

#define CLASS_PATH "-Djava.class.path="

int main(int argc, char **argv) {
    char path[4096];
    JavaVMOption options[] = {{.optionString = path}, {.optionString = "-Xmx128m"}};
    JavaVMInitArgs arguments = {.version = JNI_VERSION_10, .nOptions = 2, .options = options};
    JavaVM *vm;
    JNIEnv *env;
    if (argc != 3 || snprintf(path, sizeof path, CLASS_PATH "%s", argv[1]) >= (int)sizeof path)
        return 2;
    if (JNI_CreateJavaVM(&vm, (void **)&env, &arguments) != JNI_OK)
        return 3;
    jclass program = (*env)->FindClass(env, argv[2]);
    jclass text = (*env)->FindClass(env, "java/lang/String");
    jmethodID start = program == NULL ? NULL : (*env)->GetStaticMethodID(env, program, "main", "([Ljava/lang/String;)V");
    if (start != NULL)
        (*env)->CallStaticVoidMethod(env, program, start, (*env)->NewObjectArray(env, 0, text, NULL));
    int failed = (*env)->ExceptionCheck(env);
    if (failed)
        (*env)->ExceptionDescribe(env);
    (*vm)->DestroyJavaVM(vm);
    return failed;
}
