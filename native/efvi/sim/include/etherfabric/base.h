/* ef_vi's API as far as the glue uses it, declared anew for the simulated libciul: same names and meaning, other layouts. */
#ifndef SIM_BASE_H
#define SIM_BASE_H

#include <stddef.h>
#include <stdint.h>

#define EF_VI_NIC_PAGE_SHIFT 12
#define EF_VI_NIC_PAGE_SIZE (1 << EF_VI_NIC_PAGE_SHIFT)

/* A file descriptor; it polls readable after ef_vi_prime() when there is something. */
typedef int ef_driver_handle;
/* As the NIC addresses memory: contiguous within 4 KiB pages only. */
typedef uint64_t ef_addr;
/* What a descriptor is called by whoever wrote it. */
typedef int ef_request_id;

#define EF_REQUEST_ID_MASK 0xffffffff

int ef_driver_open(ef_driver_handle *out);
int ef_driver_close(ef_driver_handle);

#endif
