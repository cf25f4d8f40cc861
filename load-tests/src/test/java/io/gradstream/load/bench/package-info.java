@NullMarked
package io.gradstream.load.bench;

import org.jspecify.annotations.NullMarked;
