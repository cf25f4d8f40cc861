/** A running trainer as it is seen and spoken to from outside: its phase, its records, its meters, what may be asked of it. */
@NullMarked
package io.gradstream.pipeline.operation;

import org.jspecify.annotations.NullMarked;
