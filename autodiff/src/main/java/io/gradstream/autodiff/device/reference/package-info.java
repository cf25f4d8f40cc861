/** The device in plain Java and double precision that all others are held to. */
@NullMarked
package io.gradstream.autodiff.device.reference;

import org.jspecify.annotations.NullMarked;
