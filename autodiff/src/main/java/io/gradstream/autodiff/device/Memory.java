package io.gradstream.autodiff.device;

/** A stretch of one device's memory, freed by its owner. */
public interface Memory extends AutoCloseable {

    long bytes();

    @Override
    void close();
}
