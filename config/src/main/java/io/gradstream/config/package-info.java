/** Typed, validated settings: YAML in, every fault reported at once, JSON Schema out. */
@NullMarked
package io.gradstream.config;

import org.jspecify.annotations.NullMarked;
