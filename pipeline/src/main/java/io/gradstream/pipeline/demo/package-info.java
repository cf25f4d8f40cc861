/** A click stream whose true click probability is known, and a model that learns it. */
@NullMarked
package io.gradstream.pipeline.demo;

import org.jspecify.annotations.NullMarked;
