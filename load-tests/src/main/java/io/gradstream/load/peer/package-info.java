/**
 * The same training in libtorch: the model, loss, optimizer and clipping of a training step written with PyTorch's own
 * operations, to agree with and to race against. It knows nothing of our engine.
 */
@NullMarked
package io.gradstream.load.peer;

import org.jspecify.annotations.NullMarked;
