/**
 * The engine's device on a CUDA card: a program is one captured graph, and a run of it one launch that asks the host nothing.
 *
 * <p>{@link io.gradstream.gpu.device.Translation} is where every kernel of the engine becomes work for the card, family by family; the kernels
 * themselves are the {@code .cu} files of this module. The same program on the same card gives the same bits: reductions have a fixed
 * shape, scatter-adds an order, random numbers a counter.
 */
@NullMarked
package io.gradstream.gpu.device;

import org.jspecify.annotations.NullMarked;
