/* io.accel.tools.tcpdump.LibPcap: filter expressions, by a libpcap that is looked for when it is wanted. Neither its headers nor the
 * library are needed to build; what is declared here is its ABI since version 0.8. */
#include "core/jni_support.h"

#include <dlfcn.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

struct program { /* struct bpf_program, pcap/bpf.h; the kernel's sock_filter is laid out as bpf_insn */
    unsigned int length;
    struct sock_filter *instructions;
};

struct packet_header { /* struct pcap_pkthdr, pcap/pcap.h */
    struct timeval stamp;
    uint32_t captured;
    uint32_t length;
};

static struct {
    void *(*open_dead)(int link_type, int snap);
    int (*compile)(void *handle, struct program *program, const char *expression, int optimize, unsigned int netmask);
    char *(*geterr)(void *handle);
    void (*close)(void *handle);
    void (*freecode)(struct program *program);
    int (*offline_filter)(const struct program *program, const struct packet_header *header, const unsigned char *packet);
} pcap;

static int find(void *library)
{
    *(void **)&pcap.open_dead = dlsym(library, "pcap_open_dead");
    *(void **)&pcap.compile = dlsym(library, "pcap_compile");
    *(void **)&pcap.geterr = dlsym(library, "pcap_geterr");
    *(void **)&pcap.close = dlsym(library, "pcap_close");
    *(void **)&pcap.freecode = dlsym(library, "pcap_freecode");
    *(void **)&pcap.offline_filter = dlsym(library, "pcap_offline_filter");
    return pcap.open_dead && pcap.compile && pcap.geterr && pcap.close && pcap.freecode && pcap.offline_filter;
}

/* Debian's and Red Hat's names. */
static jboolean load(JNIEnv *env, jclass c)
{
    static const char *const names[] = {"libpcap.so.0.8", "libpcap.so.1", "libpcap.so"};
    (void)env; (void)c;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library && find(library))
            return JNI_TRUE;
    }
    return JNI_FALSE;
}

/* A program, or 0 and why not in the buffer, ended by a 0. */
static jlong compile(JNIEnv *env, jclass c, jint link_type, jint snap, jstring expression, jlong error, jint error_bytes)
{
    (void)c;
    char *why = pointer(error);
    struct program *program = calloc(1, sizeof *program);
    void *handle = pcap.open_dead(link_type, snap);
    const char *text = (*env)->GetStringUTFChars(env, expression, NULL);
    int compiled = 0;
    why[0] = 0;
    if (program && handle && text) {
        compiled = pcap.compile(handle, program, text, 1, 0xffffffff /* PCAP_NETMASK_UNKNOWN */) == 0;
        if (!compiled)
            strncat(why, pcap.geterr(handle), (size_t)error_bytes - 1);
    }
    if (text)
        (*env)->ReleaseStringUTFChars(env, expression, text);
    if (handle)
        pcap.close(handle);
    if (!compiled) {
        free(program);
        program = NULL;
    }
    return address_of(program);
}

static jboolean matches(JNIEnv *env, jclass c, jlong program, jlong packet, jint captured, jint length)
{
    (void)env; (void)c;
    const struct packet_header header = {.captured = (uint32_t)captured, .length = (uint32_t)length};
    return pcap.offline_filter(pointer(program), &header, pointer(packet)) != 0;
}

static void release(JNIEnv *env, jclass c, jlong program)
{
    (void)env; (void)c;
    pcap.freecode(pointer(program));
    free(pointer(program));
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    (void)reserved;
    static const JNINativeMethod methods[] = {
        METHOD("load", "()Z", load),
        METHOD("compile", "(IILjava/lang/String;JI)J", compile),
        METHOD("matches", "(JJII)Z", matches),
        METHOD("release", "(J)V", release),
    };
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
        return JNI_ERR;
    jclass holder = (*env)->FindClass(env, "io/accel/tools/tcpdump/LibPcap");
    if (holder == NULL || (*env)->RegisterNatives(env, holder, methods, sizeof methods / sizeof methods[0]) != 0)
        return JNI_ERR;
    return JNI_VERSION_10;
}
