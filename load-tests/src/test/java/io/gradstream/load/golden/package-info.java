/** Tests of io.gradstream.load.golden. */
@NullMarked
package io.gradstream.load.golden;

import org.jspecify.annotations.NullMarked;
