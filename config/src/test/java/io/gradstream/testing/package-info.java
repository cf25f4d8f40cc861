/** What the tests of every room share: which tools a test needs, and what happens where one is missing. */
@NullMarked
package io.gradstream.testing;

import org.jspecify.annotations.NullMarked;
