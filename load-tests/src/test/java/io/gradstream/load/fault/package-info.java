/** Faults of every kind, done to the whole service on a real broker, and the books that must balance afterwards. */
@NullMarked
package io.gradstream.load.fault;

import org.jspecify.annotations.NullMarked;
