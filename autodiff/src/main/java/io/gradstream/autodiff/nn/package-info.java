/**
 * Models: inputs, layers, losses and initial weights, all of them functions that record operations.
 *
 * <p>A layer is a record with a method from tensors and {@link io.gradstream.autodiff.nn.Parameters} to a tensor. Parameters are asked for
 * by name, shape and {@link io.gradstream.autodiff.nn.Initializer}; who asks first declares, who asks again shares. A {@link
 * io.gradstream.autodiff.nn.Network} is the same for a whole model over {@link io.gradstream.autodiff.nn.ModelInputs}, and that is all a
 * model of a user's own has to be.
 */
@NullMarked
package io.gradstream.autodiff.nn;

import org.jspecify.annotations.NullMarked;
