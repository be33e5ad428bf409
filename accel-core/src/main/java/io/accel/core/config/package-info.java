/** The options: each declared once, read from the strongest source that names it, with every mistake told in words. */
package io.accel.core.config;
