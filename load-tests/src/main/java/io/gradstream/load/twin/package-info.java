/** One training described once and given to two engines: ours and libtorch, with the same rows and the same first weights. */
@NullMarked
package io.gradstream.load.twin;

import org.jspecify.annotations.NullMarked;
