/* What the NIC can do, and what it counts for a VI. */
#include "efvi.h"

#include <errno.h>
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

void efvi_facts(struct efvi *e, struct facts *f)
{
    struct receive_side *r = &e->receive;
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
    f->lends = r->lends;
    f->stamps = r->stamps;
    f->merges = r->merges;
    f->ctpio = t->ctpio;
    f->ctpio_only = t->ctpio_only;
    f->pio = t->pio_linked;
    /* Cut-through frames leave as they are, past the checksum engine. */
    f->software_checksums = t->ctpio || t->ctpio_only;
    f->multicast_replication = efvi_capability(e, EF_VI_CAP_HW_MULTICAST_REPLICATION) != 0;
    if (ef_vi_get_mac(&r->vi, r->driver, f->mac) != 0)
        memset(f->mac, 0, sizeof f->mac);
}

int efvi_nic_drops(struct efvi *e, uint64_t counts[4])
{
    const ef_vi_stats_layout *layout;
    memset(counts, 0, 4 * sizeof counts[0]);
    int error = ef_vi_stats_query_layout(&e->receive.vi, &layout);
    if (error)
        return error;
    char *data = calloc(1, (size_t)layout->evsl_data_size);
    if (data == NULL)
        return -ENOMEM;
    error = ef_vi_stats_query(&e->receive.vi, e->receive.driver, data, 0);
    for (int i = 0; error == 0 && i < layout->evsl_fields_num && i < 4; i++) {
        size_t bytes = (size_t)layout->evsl_fields[i].evsfl_size;
        if (bytes <= sizeof counts[0]) /* little-endian, as the NIC is and the hosts that it fits */
            memcpy(&counts[i], data + layout->evsl_fields[i].evsfl_offset, bytes);
    }
    free(data);
    return error;
}
