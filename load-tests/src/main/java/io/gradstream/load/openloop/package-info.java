/**
 * {@code gradstream load}: events at a fixed rate, whatever the answer. The schedule does not wait for the system under
 * test, and every latency counts from the moment an event was due, so that a stall is seen by all events it held up.
 */
@NullMarked
package io.gradstream.load.openloop;

import org.jspecify.annotations.NullMarked;
