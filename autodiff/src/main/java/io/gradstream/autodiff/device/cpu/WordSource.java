package io.gradstream.autodiff.device.cpu;

/** A writer of the random words of one group of {@link io.gradstream.autodiff.op.Draws}. */
interface WordSource {
    void fill(long count, int group, int[] words);
}
