@NullMarked
package io.gradstream.config.yaml;

import org.jspecify.annotations.NullMarked;
