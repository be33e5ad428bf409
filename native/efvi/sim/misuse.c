#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void sim_misuse(const char *call, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "simulated libciul: misuse in %s: ", call);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}
