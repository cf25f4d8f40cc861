@NullMarked
package io.gradstream.connectors.rows;

import org.jspecify.annotations.NullMarked;
