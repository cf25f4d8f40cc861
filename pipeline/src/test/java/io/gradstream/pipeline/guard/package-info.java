@NullMarked
package io.gradstream.pipeline.guard;

import org.jspecify.annotations.NullMarked;
