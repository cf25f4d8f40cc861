/** {@code gradstream bench}: step times, races against libtorch and the pipeline against its own ceilings, in one run. */
@NullMarked
package io.gradstream.load.bench;

import org.jspecify.annotations.NullMarked;
