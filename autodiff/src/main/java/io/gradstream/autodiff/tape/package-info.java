/** The tape that records operations, and the handles of what it recorded. */
@NullMarked
package io.gradstream.autodiff.tape;

import org.jspecify.annotations.NullMarked;
