@NullMarked
package io.gradstream.pipeline.http;

import org.jspecify.annotations.NullMarked;
