/**
 * What the kernel knows and the stack must respect, by netlink: routes, neighbours, devices, addresses, other sockets and firewall
 * rules, and a version that says when to ask again. Nothing here is on the hot path: calls allocate and make system calls, and the
 * stack caches what they answer.
 */
package io.accel.udp.route;
