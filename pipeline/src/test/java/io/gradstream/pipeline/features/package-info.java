@NullMarked
package io.gradstream.pipeline.features;

import org.jspecify.annotations.NullMarked;
