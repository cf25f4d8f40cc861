package io.gradstream.autodiff;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The type of an array's elements, with their host layout (little endian) and rounding. */
public enum DType {
    F64(8) {
        @Override
        public double round(double value) {
            return value;
        }

        @Override
        public double get(MemorySegment host, long index) {
            return host.get(DOUBLE, index * bytes());
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(DOUBLE, index * bytes(), value);
        }
    },
    F32(4) {
        @Override
        public double round(double value) {
            return (float) value;
        }

        @Override
        public double get(MemorySegment host, long index) {
            return host.get(FLOAT, index * bytes());
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(FLOAT, index * bytes(), (float) value);
        }
    },
    /** The upper half of an F32: 8 significant bits, the exponents of F32. */
    BF16(2) {
        @Override
        public double round(double value) {
            return roundToEven(value, 8, -126, 0x1.FEp127);
        }

        @Override
        public double get(MemorySegment host, long index) {
            return Float.intBitsToFloat(host.get(SHORT, index * bytes()) << 16);
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(SHORT, index * bytes(), (short) (Float.floatToRawIntBits((float) round(value)) >>> 16));
        }
    },
    /** IEEE half precision: 11 significant bits, largest finite value 65504. */
    F16(2) {
        @Override
        public double round(double value) {
            return roundToEven(value, 11, -14, 65504);
        }

        @Override
        public double get(MemorySegment host, long index) {
            return Float.float16ToFloat(host.get(SHORT, index * bytes()));
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(SHORT, index * bytes(), Float.floatToFloat16((float) round(value)));
        }
    },
    I32(4) {
        @Override
        public double round(double value) {
            return (int) value;
        }

        @Override
        public double get(MemorySegment host, long index) {
            return host.get(INT, index * bytes());
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(INT, index * bytes(), (int) value);
        }
    },
    /** A byte from 0 to 255: a code, not a number to compute with. */
    U8(1) {
        @Override
        public double round(double value) {
            return (int) value & 0xFF;
        }

        @Override
        public double get(MemorySegment host, long index) {
            return host.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
        }

        @Override
        public void set(MemorySegment host, long index, double value) {
            host.set(ValueLayout.JAVA_BYTE, index, (byte) (int) value);
        }
    };

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element in the host layout. */
    public int bytes() {
        return bytes;
    }

    /** Whether values of this type can carry a gradient. */
    public boolean isFloating() {
        return this != I32 && this != U8;
    }

    /** Whether this is a storage type of mixed precision: never a result of arithmetic but of a cast. */
    public boolean isHalf() {
        return this == BF16 || this == F16;
    }

    /** The type of this type's gradients: half-precision values have F32 gradients. */
    public DType gradient() {
        return isHalf() ? F32 : this;
    }

    /** The nearest value of this type, ties to even; too large becomes infinite, I32 truncates, U8 keeps the low byte. */
    public abstract double round(double value);

    /** One element of an array in the host layout. */
    public abstract double get(MemorySegment host, long index);

    /** Rounds and stores one element of an array in the host layout. */
    public abstract void set(MemorySegment host, long index, double value);

    private static double roundToEven(double value, int significantBits, int minExponent, double largest) {
        if (value == 0 || !Double.isFinite(value)) {
            return value;
        }
        int exponent = Math.max(Math.getExponent(value), minExponent);
        double step = Math.scalb(1.0, exponent - (significantBits - 1));
        double rounded = Math.rint(value / step) * step;
        return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
    }
}
