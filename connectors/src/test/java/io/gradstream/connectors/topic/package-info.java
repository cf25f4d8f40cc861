@NullMarked
package io.gradstream.connectors.topic;

import org.jspecify.annotations.NullMarked;
