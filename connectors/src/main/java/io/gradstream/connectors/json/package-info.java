/** JSON rows: one object or an array of objects per record. */
@NullMarked
package io.gradstream.connectors.json;

import org.jspecify.annotations.NullMarked;
