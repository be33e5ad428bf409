/* Opening in ef_vi's order: driver, protection domain, memory, VIs; and undoing it backwards. */
#include "efvi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* A child that runs another program shall not hold the NIC's resources: libciul opens its device without O_CLOEXEC. */
static int open_driver(ef_driver_handle *out)
{
    int error = ef_driver_open(out);
    if (error)
        return error;
    if (fcntl(*out, F_SETFD, FD_CLOEXEC) == 0)
        return 0;
    error = -errno;
    ef_driver_close(*out);
    return error;
}

/* A handle of its own for the receive side: it is what a sleeper waits on. */
static int open_sides(struct efvi *e, const struct open_request *q, int *step)
{
    *step = STEP_RECEIVE;
    int error = open_driver(&e->receive.driver);
    if (error)
        return error;
    error = receive_open(&e->receive, e, q);
    if (error) {
        if (!e->receive.open)
            ef_driver_close(e->receive.driver);
        return error;
    }
    *step = STEP_TRANSMIT;
    error = transmit_open(&e->transmit, e, q);
    if (error)
        return error;
    *step = STEP_POST;
    return e->receive.lends ? 0 : receive_post(&e->receive);
}

/* "N@cluster" gives a receive VI of streams that others have chosen; sending is by the interface itself. */
static int open_send_domain(struct efvi *e, const struct open_request *q, int *step)
{
    *step = STEP_DOMAIN;
    const char *interface = ef_pd_interface_name(&e->domain);
    int error = interface == NULL ? -ENODEV
        : ef_pd_alloc_by_name(&e->send_domain, e->driver, interface, (enum ef_pd_flags)q->pd_flags);
    if (error)
        return error;
    e->send_domain_open = true;
    *step = STEP_REGISTER;
    memory_share(&e->send_memory, &e->memory);
    return memory_register(&e->send_memory, e->driver, &e->send_domain);
}

static int open_all(struct efvi *e, const struct open_request *q, int *step)
{
    *step = STEP_DRIVER;
    int error = open_driver(&e->driver);
    if (error)
        return error;
    e->driver_open = true;
    *step = STEP_DOMAIN;
    error = ef_pd_alloc_by_name(&e->domain, e->driver, q->interface, (enum ef_pd_flags)q->pd_flags);
    if (error)
        return error;
    e->domain_open = true;
    *step = STEP_ALLOCATE;
    error = memory_allocate(&e->memory, (size_t)q->buffers * BUFFER_BYTES);
    if (error)
        return error;
    *step = STEP_REGISTER;
    error = memory_register(&e->memory, e->driver, &e->domain);
    if (error)
        return error;
    e->clustered = strchr(q->interface, '@') != NULL;
    error = e->clustered ? open_send_domain(e, q, step) : 0;
    if (error)
        return error;
    e->buffers = q->buffers;
    e->receive_buffers = q->receive_buffers;
    return open_sides(e, q, step);
}

int efvi_open(const struct open_request *q, struct efvi **out, int *step)
{
    struct efvi *e = aligned_alloc(_Alignof(struct efvi), sizeof *e);
    if (e == NULL) {
        *step = STEP_ALLOCATE;
        return -ENOMEM;
    }
    memset(e, 0, sizeof *e);
    int error = open_all(e, q, step);
    if (error) {
        efvi_close(e);
        return error;
    }
    *step = 0;
    *out = e;
    return 0;
}

void efvi_close(struct efvi *e)
{
    receive_close(&e->receive);
    transmit_close(&e->transmit, e);
    memory_free(&e->send_memory, e->driver);
    if (e->send_domain_open)
        ef_pd_free(&e->send_domain, e->driver);
    memory_free(&e->memory, e->driver);
    if (e->domain_open)
        ef_pd_free(&e->domain, e->driver);
    if (e->driver_open)
        ef_driver_close(e->driver);
    free(e);
}
