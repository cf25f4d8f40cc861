@NullMarked
package io.gradstream.pipeline.trainer;

import org.jspecify.annotations.NullMarked;
