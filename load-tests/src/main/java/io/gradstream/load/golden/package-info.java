/** What libtorch says operations and their derivatives are, in double: the truth that the engine's own tests read from a file. */
@NullMarked
package io.gradstream.load.golden;

import org.jspecify.annotations.NullMarked;
