/* What the NIC can do, and what it counts for a VI. */
#include "efvi.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ETHERNET_HEADER = 14 };

unsigned long efvi_capability(struct efvi *e, enum ef_vi_capability capability)
{
    unsigned long value = 0;
    /* Not supported and not known to this release are the same to us. */
    return ef_pd_capabilities_get(e->driver, &e->domain, e->driver, capability, &value) == 0 ? value : 0;
}

static uint64_t number(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

void efvi_facts(struct efvi *e, int side, struct facts *f)
{
    struct receive_side *r = &e->receive[side];
    struct transmit_side *t = &e->transmit;
    memset(f, 0, sizeof *f);
    f->memory = number(e->memory.base);
    f->memory_bytes = e->memory.bytes;
    f->receive = number(r);
    f->transmit = number(t);
    f->given_back = number(r->given_back);
    f->receive_counters = number(r->counters);
    f->windows = number(r->windows);
    f->sends = number(t->sends);
    f->done = number(t->done);
    f->transmit_counters = number(t->counters);
    f->huge_pages = e->memory.huge;
    f->arch = r->vi.nic_type.arch;
    f->variant = r->vi.nic_type.variant;
    f->revision = r->vi.nic_type.revision;
    f->mtu = (int32_t)ef_vi_mtu(&t->vi, t->driver) - ETHERNET_HEADER;
    f->receive_descriptor = r->buffer_bytes;
    f->transmit_capacity = ef_vi_transmit_capacity(&t->vi);
    f->transmit_longest = t->ctpio_only ? EFCT_LONGEST_FRAME : SEND_PARTS * BUFFER_BYTES;
    f->lends = r->lends;
    f->stamps = r->stamps;
    f->transmit_stamps = t->stamps;
    f->merges = r->merges;
    f->ctpio = t->ctpio;
    f->ctpio_only = t->ctpio_only;
    f->pio = t->pio_linked;
    /* Cut-through frames leave as they are, past the checksum engine. */
    f->software_checksums = t->ctpio || t->ctpio_only;
    f->multicast_replication = efvi_capability(e, EF_VI_CAP_HW_MULTICAST_REPLICATION) != 0;
    f->clustered = e->clustered;
    f->vis = e->vis;
    f->set_refused = e->set_refused;
    const char *interface = ef_pd_interface_name(&e->domain);
    snprintf(f->interface, sizeof f->interface, "%s", interface == NULL ? "" : interface);
    if (ef_vi_get_mac(&r->vi, r->driver, f->mac) != 0)
        memset(f->mac, 0, sizeof f->mac);
}

/* As much of a line as has room; what does not fit at all is left out. */
static void print(char **at, size_t *room, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void print(char **at, size_t *room, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int bytes = vsnprintf(*at, *room, format, arguments);
    va_end(arguments);
    if (bytes < 0 || (size_t)bytes >= *room) {
        **at = 0;
        *room = 0;
        return;
    }
    *at += bytes;
    *room -= (size_t)bytes;
}

void efvi_capabilities(struct efvi *e, char *text, size_t room)
{
    *text = 0;
    const int last = ef_vi_capabilities_max();
    for (int i = 0; i <= last && room != 0; i++) {
        unsigned long value = 0;
        if (ef_pd_capabilities_get(e->driver, &e->domain, e->driver, (enum ef_vi_capability)i, &value) == 0)
            print(&text, &room, "%s=%lu\n", ef_vi_capabilities_name((enum ef_vi_capability)i), value);
    }
}

/* Of one VI, at data: little-endian, as the NIC is and the hosts that it fits. */
static uint64_t value_of(const ef_vi_stats_field_layout *field, const char *data)
{
    uint64_t value = 0;
    if (field->evsfl_size > 0 && (size_t)field->evsfl_size <= sizeof value)
        memcpy(&value, data + field->evsfl_offset, (size_t)field->evsfl_size);
    return value;
}

int efvi_statistics(struct efvi *e, char *text, size_t room)
{
    const ef_vi_stats_layout *layout;
    *text = 0;
    int error = ef_vi_stats_query_layout(&e->receive[0].vi, &layout);
    if (error)
        return error;
    const size_t bytes = (size_t)layout->evsl_data_size;
    char *data = calloc((size_t)e->vis, bytes);
    if (data == NULL)
        return -ENOMEM;
    for (int i = 0; error == 0 && i < e->vis; i++)
        error = ef_vi_stats_query(&e->receive[i].vi, e->receive[i].driver, data + (size_t)i * bytes, 0);
    for (int i = 0; error == 0 && i < layout->evsl_fields_num && room != 0; i++) {
        uint64_t value = 0;
        for (int vi = 0; vi < e->vis; vi++)
            value += value_of(&layout->evsl_fields[i], data + (size_t)vi * bytes);
        print(&text, &room, "%s=%llu\n", layout->evsl_fields[i].evsfl_name, (unsigned long long)value);
    }
    free(data);
    return error;
}
