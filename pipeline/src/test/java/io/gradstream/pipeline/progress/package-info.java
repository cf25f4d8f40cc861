@NullMarked
package io.gradstream.pipeline.progress;

import org.jspecify.annotations.NullMarked;
