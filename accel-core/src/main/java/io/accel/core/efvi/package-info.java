/**
 * VIs on Solarflare and AMD NICs through ef_vi. The native library is loaded by itself, when the first VI is opened: see
 * docs/adr/0011.
 */
package io.accel.core.efvi;
