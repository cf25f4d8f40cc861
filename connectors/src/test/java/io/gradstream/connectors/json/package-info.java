@NullMarked
package io.gradstream.connectors.json;

import org.jspecify.annotations.NullMarked;
