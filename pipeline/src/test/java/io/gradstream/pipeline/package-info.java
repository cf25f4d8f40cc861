@NullMarked
package io.gradstream.pipeline;

import org.jspecify.annotations.NullMarked;
