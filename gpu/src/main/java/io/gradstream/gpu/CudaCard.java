package io.gradstream.gpu;

import java.util.Locale;

/** A card the CUDA driver reports: its position, name, memory in bytes and compute capability. */
public record CudaCard(int index, String name, long memory, int computeMajor, int computeMinor) {
    public CudaCard {
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative: index=" + index);
        }
        if (memory < 0) {
            throw new IllegalArgumentException("memory must not be negative: memory=" + memory);
        }
    }

    /** Whether the code that the module ships can be compiled for this card: an A100 or anything newer. */
    public boolean runsOurKernels() {
        return computeMajor >= 8;
    }

    /** One line for a person, such as {@code cuda:0 NVIDIA H100 80GB HBM3, 79.6 GiB, compute 9.0}. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, %.1f GiB, compute %d.%d",
                index,
                name,
                memory / (double) (1L << 30),
                computeMajor,
                computeMinor);
    }
}
