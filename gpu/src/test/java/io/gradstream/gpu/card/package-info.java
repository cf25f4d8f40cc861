/**
 * What is done on a machine with a card, and with nothing else but this: the engine's suites, training, the same bits twice, memory, and the
 * times that are compared with PyTorch's. {@code gpu/on-device} packs it and runs it.
 */
@NullMarked
package io.gradstream.gpu.card;

import org.jspecify.annotations.NullMarked;
