@NullMarked
package io.gradstream.pipeline.cli;

import org.jspecify.annotations.NullMarked;
