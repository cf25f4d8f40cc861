package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Kernels that round numbers to another element type; those between F32 and the halves have loops of their own. */
final class Casts {
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private Casts() {}

    static PreparedCall prepare(Operand in, Operand out) {
        MemorySegment from = in.data();
        MemorySegment to = out.data();
        int count = out.size();
        if (in.dtype() == DType.F32 && out.dtype() == DType.BF16) {
            return () -> toBf16(from, to, count);
        }
        if (in.dtype() == DType.F32 && out.dtype() == DType.F16) {
            return () -> toF16(from, to, count);
        }
        if (in.dtype() == DType.BF16 && out.dtype() == DType.F32) {
            return () -> fromBf16(from, to, count);
        }
        if (in.dtype() == DType.F16 && out.dtype() == DType.F32) {
            return () -> fromF16(from, to, count);
        }
        return PlainKernels.cast(in, out);
    }

    private static void toBf16(MemorySegment from, MemorySegment to, int count) {
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(from.get(FLOAT, (long) i * Float.BYTES));
            boolean nan = (bits & 0x7FFFFFFF) > 0x7F800000;
            int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
            to.set(HALF, (long) i * Short.BYTES, (short) ((nan ? bits | 0x400000 : rounded) >>> 16));
        }
    }

    private static void fromBf16(MemorySegment from, MemorySegment to, int count) {
        for (int i = 0; i < count; i++) {
            to.set(FLOAT, (long) i * Float.BYTES, Float.intBitsToFloat(from.get(HALF, (long) i * Short.BYTES) << 16));
        }
    }

    private static void toF16(MemorySegment from, MemorySegment to, int count) {
        for (int i = 0; i < count; i++) {
            to.set(HALF, (long) i * Short.BYTES, Float.floatToFloat16(from.get(FLOAT, (long) i * Float.BYTES)));
        }
    }

    private static void fromF16(MemorySegment from, MemorySegment to, int count) {
        for (int i = 0; i < count; i++) {
            to.set(FLOAT, (long) i * Float.BYTES, Float.float16ToFloat(from.get(HALF, (long) i * Short.BYTES)));
        }
    }
}
