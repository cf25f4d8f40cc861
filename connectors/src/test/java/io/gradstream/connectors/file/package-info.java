@NullMarked
package io.gradstream.connectors.file;

import org.jspecify.annotations.NullMarked;
