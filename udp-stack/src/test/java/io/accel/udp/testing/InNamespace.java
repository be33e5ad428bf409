package io.accel.udp.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs each test method of the class in a JVM of its own inside a fresh network namespace, with an empty one beside it
 * ({@link Namespace#peer()}): a thread of a running JVM cannot move, and a test must not touch the host's interfaces. Lifecycle
 * methods are not run there, and the constructor runs in both JVMs: it must not set up a network. Needs root; skipped without.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NamespaceExtension.class)
public @interface InNamespace {
}
