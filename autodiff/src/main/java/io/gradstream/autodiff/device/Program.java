package io.gradstream.autodiff.device;

/** Calls prepared by a device, replayed without allocating. */
public interface Program extends AutoCloseable {

    void run();

    /** A run that stores how many nanoseconds each call took, in the order of the calls. */
    void run(long[] nanos);

    /** How many bytes of native memory the calls work with besides their operands. */
    long workspaceBytes();

    @Override
    void close();
}
