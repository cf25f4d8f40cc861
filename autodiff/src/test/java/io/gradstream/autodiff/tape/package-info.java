/** Tests of io.gradstream.autodiff.tape. */
@NullMarked
package io.gradstream.autodiff.tape;

import org.jspecify.annotations.NullMarked;
