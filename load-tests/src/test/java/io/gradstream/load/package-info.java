@NullMarked
package io.gradstream.load;

import org.jspecify.annotations.NullMarked;
