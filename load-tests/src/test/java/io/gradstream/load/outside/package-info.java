/** The product as a stranger meets it: processes, topics and files, read and written with other people's libraries. */
@NullMarked
package io.gradstream.load.outside;

import org.jspecify.annotations.NullMarked;
