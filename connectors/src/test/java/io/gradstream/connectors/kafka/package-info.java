@NullMarked
package io.gradstream.connectors.kafka;

import org.jspecify.annotations.NullMarked;
