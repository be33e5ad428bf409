#ifndef SIM_EFCT_VI_H
#define SIM_EFCT_VI_H

#include <etherfabric/ef_vi.h>

/* Where a lent packet lies, until it is released. */
const void *efct_vi_rxpkt_get(ef_vi *, uint32_t pkt_id);
void efct_vi_rxpkt_release(ef_vi *, uint32_t pkt_id);

#endif
