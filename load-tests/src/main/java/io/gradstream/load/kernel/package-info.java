/** JMH benchmarks of the kernels that every row passes through. */
@NullMarked
package io.gradstream.load.kernel;

import org.jspecify.annotations.NullMarked;
