@NullMarked
package io.gradstream.pipeline.operation;

import org.jspecify.annotations.NullMarked;
