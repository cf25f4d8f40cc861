/** Damaged bytes for everything that parses. */
@NullMarked
package io.gradstream.connectors.damage;

import org.jspecify.annotations.NullMarked;
