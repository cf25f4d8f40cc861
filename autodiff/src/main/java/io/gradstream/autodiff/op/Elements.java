package io.gradstream.autodiff.op;

/** An array in a host device's memory, element by element in double; storing rounds to the array's type. */
public interface Elements {

    double get(long index);

    void set(long index, double value);
}
