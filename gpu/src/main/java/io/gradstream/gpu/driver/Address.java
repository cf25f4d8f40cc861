package io.gradstream.gpu.driver;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** A place in a card's memory, or in pinned memory of the host, which has the same address on both sides. */
public final class Address extends CUdeviceptr {

    private static final CUdeviceptr NULL = new CUdeviceptr();

    /** An address that the driver fills in. */
    Address() {}

    private Address(long value) {
        super(NULL, value);
    }

    /** The place with a number. */
    public static Address of(long value) {
        return new Address(value);
    }

    /** The number of this place. */
    public long value() {
        return getNativePointer() + getByteOffset();
    }

    /** This place for functions that take any pointer. */
    Pointer pointer() {
        return new Raw(value());
    }

    /** A pointer to memory outside the heap. */
    static Pointer raw(long value) {
        return new Raw(value);
    }

    private static final class Raw extends Pointer {
        Raw(long value) {
            super(value);
        }
    }
}
