@NullMarked
package io.gradstream.pipeline.demo;

import org.jspecify.annotations.NullMarked;
