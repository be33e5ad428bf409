/** What a stack tells by JMX. Nothing else of the stack names a class of {@code java.management}, which a Java image may lack. */
package io.accel.udp.management;
