/** A real Kafka broker that lives in this JVM. */
@NullMarked
package io.gradstream.connectors.broker;

import org.jspecify.annotations.NullMarked;
