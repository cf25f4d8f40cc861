/** The journey of a record, from the source topic to the weights topic. */
@NullMarked
package io.gradstream.pipeline;

import org.jspecify.annotations.NullMarked;
