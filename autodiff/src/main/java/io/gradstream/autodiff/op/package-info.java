/** The operations: one sealed record per file with its shape rule, its derivative rules and the samples that prove them. */
@NullMarked
package io.gradstream.autodiff.op;

import org.jspecify.annotations.NullMarked;
