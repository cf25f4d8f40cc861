/** The same formats in files: safetensors, and captures of a topic. */
@NullMarked
package io.gradstream.connectors.file;

import org.jspecify.annotations.NullMarked;
