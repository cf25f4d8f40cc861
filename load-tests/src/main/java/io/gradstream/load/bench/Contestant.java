package io.gradstream.load.bench;

/** One engine at the start of a race: the same step again and again. */
public interface Contestant extends AutoCloseable {
    String name();

    void step();

    @Override
    void close();
}
