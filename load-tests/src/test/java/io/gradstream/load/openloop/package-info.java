@NullMarked
package io.gradstream.load.openloop;

import org.jspecify.annotations.NullMarked;
