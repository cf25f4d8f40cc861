@NullMarked
package io.gradstream.connectors.broker;

import org.jspecify.annotations.NullMarked;
