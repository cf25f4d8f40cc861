@NullMarked
package io.gradstream.load.peer;

import org.jspecify.annotations.NullMarked;
