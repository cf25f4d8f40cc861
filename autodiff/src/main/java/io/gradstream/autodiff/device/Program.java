package io.gradstream.autodiff.device;

/** Calls prepared by a device, replayed without allocating. */
public interface Program extends AutoCloseable {

    void run();

    @Override
    void close();
}
