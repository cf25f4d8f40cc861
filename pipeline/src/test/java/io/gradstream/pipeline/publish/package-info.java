@NullMarked
package io.gradstream.pipeline.publish;

import org.jspecify.annotations.NullMarked;
