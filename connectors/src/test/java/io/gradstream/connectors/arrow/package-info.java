@NullMarked
package io.gradstream.connectors.arrow;

import org.jspecify.annotations.NullMarked;
