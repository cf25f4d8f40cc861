/** Arrow IPC messages, read by a decoder that trusts no length, offset or count of theirs. */
@NullMarked
package io.gradstream.connectors.arrow;

import org.jspecify.annotations.NullMarked;
