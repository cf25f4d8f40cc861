/** Decoded rows by column, whatever the format they came in. */
@NullMarked
package io.gradstream.connectors.rows;

import org.jspecify.annotations.NullMarked;
