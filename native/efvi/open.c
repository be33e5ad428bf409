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

/* Freeing a set does nothing but by its handle, which it therefore has to itself. */
static void close_set(struct efvi *e)
{
    if (e->set_open)
        ef_vi_set_free(&e->set, e->set_driver);
    if (e->set_driver_open)
        ef_driver_close(e->set_driver);
    e->set_open = e->set_driver_open = false;
}

/* Where there is no set, or none so wide, there is one VI: not every NIC has sets (EFCT), and a cluster's member is one VI. */
static int open_set(struct efvi *e, const struct open_request *q)
{
    e->vis = 1;
    if (q->vis == 1)
        return 0;
    const int error = open_driver(&e->set_driver);
    if (error)
        return error;
    e->set_driver_open = true;
    e->set_refused = e->clustered ? -EINVAL : ef_vi_set_alloc_from_pd(&e->set, e->set_driver, &e->domain, e->driver, q->vis);
    e->set_open = e->set_refused == 0;
    if (e->set_open)
        e->vis = q->vis;
    else
        close_set(e);
    return 0;
}

/* A handle of its own for each receive side: it is what a sleeper waits on. */
static int open_receive(struct efvi *e, int number, const struct open_request *q)
{
    struct receive_side *r = &e->receive[number];
    int error = open_driver(&r->driver);
    if (error)
        return error;
    error = receive_open(r, e, number, q);
    if (error && !r->open)
        ef_driver_close(r->driver);
    return error;
}

static int open_sides(struct efvi *e, const struct open_request *q, int *step)
{
    *step = STEP_RECEIVE;
    int error = 0;
    for (int i = 0; error == 0 && i < e->vis; i++)
        error = open_receive(e, i, q);
    if (error)
        return error;
    *step = STEP_TRANSMIT;
    error = transmit_open(&e->transmit, e, q);
    if (error)
        return error;
    *step = STEP_POST;
    for (int i = 0; error == 0 && i < e->vis && !e->receive[i].lends; i++)
        error = receive_post(&e->receive[i]);
    return error;
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
    e->clustered = strchr(q->interface, '@') != NULL;
    *step = STEP_RECEIVE;
    error = open_set(e, q);
    if (error)
        return error;
    e->receive_buffers = q->receive_buffers;
    e->buffers = (uint32_t)e->vis * q->receive_buffers + q->send_buffers;
    *step = STEP_ALLOCATE;
    error = memory_allocate(&e->memory, (size_t)e->buffers * BUFFER_BYTES);
    if (error)
        return error;
    *step = STEP_REGISTER;
    error = memory_register(&e->memory, e->driver, &e->domain);
    if (error)
        return error;
    error = e->clustered ? open_send_domain(e, q, step) : 0;
    if (error)
        return error;
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
        efvi_close(e, false);
        return error;
    }
    *step = 0;
    *out = e;
    return 0;
}

void efvi_close(struct efvi *e, bool keep_buffers)
{
    for (int i = 0; i < MAX_VIS; i++)
        receive_close(&e->receive[i]);
    close_set(e);
    transmit_close(&e->transmit, e);
    memory_free(&e->send_memory, e->driver);
    if (e->send_domain_open)
        ef_pd_free(&e->send_domain, e->driver);
    e->memory.shared = keep_buffers;
    memory_free(&e->memory, e->driver);
    if (e->domain_open)
        ef_pd_free(&e->domain, e->driver);
    if (e->driver_open)
        ef_driver_close(e->driver);
    free(e);
}
