package io.gradstream.autodiff.device.cpu;

/** One prepared call: operands and sizes are fixed, running it allocates nothing. */
interface PreparedCall extends AutoCloseable {
    void run();

    /** Frees native resources; most kernels have none. */
    @Override
    default void close() {}
}
