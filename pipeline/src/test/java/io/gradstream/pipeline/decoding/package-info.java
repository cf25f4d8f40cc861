@NullMarked
package io.gradstream.pipeline.decoding;

import org.jspecify.annotations.NullMarked;
