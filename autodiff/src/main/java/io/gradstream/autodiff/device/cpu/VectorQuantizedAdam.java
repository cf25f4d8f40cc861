package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.DynamicCode;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import io.gradstream.autodiff.op.Segment;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link QuantizedAdamUpdate} on vectors. A block's new moments stay in the nearest cache until their largest is known and they are
 * encoded; a block that does not fill its last vector is updated in a copy.
 */
final class VectorQuantizedAdam extends VectorWalk {
    private static final int LANES = FLOATS.length();
    private static final int BLOCK = QuantizedAdamUpdate.BLOCK;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES * Byte.SIZE, 64)));
    private static final int SIGN = 0x80;

    private final QuantizedAdamUpdate op;
    private final long[] addresses;
    private final long[] copies;
    private final long change;
    private final long first;
    private final long root;
    private final long random;
    private final float[] lanes = new float[LANES];
    private float factor;
    private float shrink;
    private float stepSize;
    private float correction;
    private int seed;
    private float largestFirst;
    private float largestRoot;

    VectorQuantizedAdam(QuantizedAdamUpdate op, List<Operand> operands, Workspace workspace) {
        super(op, operands);
        this.op = op;
        addresses = this.operands.addresses();
        copies = new long[4];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = workspace.floats(BLOCK).address();
        }
        change = workspace.floats(BLOCK).address();
        first = workspace.floats(BLOCK).address();
        root = workspace.floats(BLOCK).address();
        random = workspace.floats(BLOCK).address();
    }

    /** Whether this processor's vectors are wide enough for the narrowest vector of bytes. */
    static boolean isAvailable() {
        return LANES * Byte.SIZE >= 64;
    }

    @Override
    void begin() {
        double rate = operands.control(Control.LEARNING_RATE);
        double steps = operands.control(Control.STEP_COUNT);
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        shrink = (float) (1 - rate * op.weightDecay());
        stepSize = (float) (rate / (1 - Math.pow(op.beta1(), steps)));
        correction = (float) (1 / Math.sqrt(1 - Math.pow(op.beta2(), steps)));
        seed = (int) steps;
    }

    @Override
    void update(int row, Segment segment) {
        long scale = (long) op.blocks(row) * Float.BYTES;
        for (long at = segment.offset(); at < segment.end(); at += BLOCK, scale += Float.BYTES) {
            int count = (int) Math.min(BLOCK, segment.end() - at);
            if (count % LANES == 0) {
                update(
                        addresses[0] + at * Float.BYTES,
                        addresses[1] + at * Float.BYTES,
                        addresses[2] + at,
                        addresses[3] + at,
                        scale,
                        count,
                        (int) at);
            } else {
                updateCopy(at, scale, count);
            }
            measure(change, addresses[0] + at * Float.BYTES, count);
        }
    }

    private void updateCopy(long at, long scale, int count) {
        for (int i = 0; i < copies.length; i++) {
            long bytes = i < 2 ? Float.BYTES : 1;
            MEMORY.asSlice(copies[i], BLOCK * bytes).fill((byte) 0);
            MemorySegment.copy(MEMORY, addresses[i] + at * bytes, MEMORY, copies[i], count * bytes);
        }
        int whole = (count + LANES - 1) / LANES * LANES;
        update(copies[0], copies[1], copies[2], copies[3], scale, whole, (int) at);
        for (int i = 0; i < copies.length; i++) {
            long bytes = i < 2 ? Float.BYTES : 1;
            MemorySegment.copy(MEMORY, copies[i], MEMORY, addresses[i] + at * bytes, count * bytes);
        }
    }

    private void update(
            long parameters, long gradients, long firstCodes, long rootCodes, long scale, int count, int index) {
        decode(firstCodes, MEMORY.get(FLOAT, addresses[4] + scale), DynamicCode.SIGNED, first, count);
        decode(rootCodes, MEMORY.get(FLOAT, addresses[5] + scale), DynamicCode.UNSIGNED, root, count);
        move(parameters, gradients, count);
        float firstScale = largestFirst < (float) OptimizerUpdate.FIRST_MOMENT_FLUSH
                ? 0
                : largestFirst / DynamicCode.SIGNED.largest();
        float rootScale =
                largestRoot < (float) QuantizedAdamUpdate.ROOT_FLUSH ? 0 : largestRoot / DynamicCode.UNSIGNED.largest();
        MEMORY.set(FLOAT, addresses[4] + scale, firstScale);
        MEMORY.set(FLOAT, addresses[5] + scale, rootScale);
        randomize(index, count);
        encode(first, firstScale == 0 ? 0 : 1 / firstScale, DynamicCode.SIGNED, firstCodes, count);
        encode(root, rootScale == 0 ? 0 : 1 / rootScale, DynamicCode.UNSIGNED, rootCodes, count);
    }

    /** Numbers from their codes, times a scale. */
    private static void decode(long codes, float scale, DynamicCode code, long to, int count) {
        int sign = sign(code);
        for (int i = 0; i < count; i += LANES) {
            IntVector signed = (IntVector) ByteVector.fromMemorySegment(BYTES, MEMORY, codes + i, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            signed.and(0xFF - sign)
                    .add(code.offset())
                    .lanewise(VectorOperators.LSHL, code.shift())
                    .viewAsFloatingLanes()
                    .sub(DynamicCode.LOWEST)
                    .mul(scale)
                    .viewAsIntegralLanes()
                    .or(signed.and(sign).lanewise(VectorOperators.LSHL, 24))
                    .intoMemorySegment(MEMORY, to + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
    }

    /** Moves the moments and the parameters, and remembers the largest moments. */
    private void move(long parameters, long gradients, int count) {
        float gain1 = (float) (1 - op.beta1());
        float keep2 = (float) op.beta2();
        float gain2 = (float) (1 - op.beta2());
        float epsilon = (float) op.epsilon();
        FloatVector mostFirst = FloatVector.zero(FLOATS);
        FloatVector mostRoot = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector g = fromMemorySegment(FLOATS, MEMORY, gradients + at, LITTLE_ENDIAN)
                    .mul(factor);
            FloatVector m = fromMemorySegment(FLOATS, MEMORY, first + at, LITTLE_ENDIAN);
            m = g.sub(m).fma(broadcast(FLOATS, gain1), m);
            m.intoMemorySegment(MEMORY, first + at, LITTLE_ENDIAN);
            FloatVector r = fromMemorySegment(FLOATS, MEMORY, root + at, LITTLE_ENDIAN);
            r = g.mul(g).fma(broadcast(FLOATS, gain2), r.mul(r).mul(keep2)).sqrt();
            r.intoMemorySegment(MEMORY, root + at, LITTLE_ENDIAN);
            mostFirst = mostFirst.max(m.abs());
            mostRoot = mostRoot.max(r);
            FloatVector p = fromMemorySegment(FLOATS, MEMORY, parameters + at, LITTLE_ENDIAN);
            FloatVector direction =
                    m.mul(stepSize).div(r.fma(broadcast(FLOATS, correction), broadcast(FLOATS, epsilon)));
            FloatVector moved = p.mul(shrink).sub(direction);
            moved.intoMemorySegment(MEMORY, parameters + at, LITTLE_ENDIAN);
            moved.sub(p).intoMemorySegment(MEMORY, change + at, LITTLE_ENDIAN);
        }
        mostFirst.intoArray(lanes, 0);
        largestFirst = largest(lanes);
        mostRoot.intoArray(lanes, 0);
        largestRoot = largest(lanes);
    }

    /** Writes {@link DynamicCode#random} of consecutive elements. */
    private void randomize(int index, int count) {
        for (int i = 0; i < count; i += LANES) {
            IntVector bits = IntVector.broadcast(INTS, index + i)
                    .addIndex(1)
                    .mul(0x9E3779B9)
                    .add(seed * 0x85EBCA77);
            bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16))
                    .mul(0x85EBCA6B);
            bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 13))
                    .mul(0xC2B2AE35);
            bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16))
                    .intoMemorySegment(MEMORY, random + (long) i * Integer.BYTES, LITTLE_ENDIAN);
        }
    }

    /** Codes of numbers times a scale: the lower random bits round the signed ones, the upper the others. */
    private void encode(long from, float scale, DynamicCode code, long codes, int count) {
        int sign = sign(code);
        int least = sign == 0 ? 1 : 0;
        int unused = sign == 0 ? 0 : 16;
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector x =
                    fromMemorySegment(FLOATS, MEMORY, from + at, LITTLE_ENDIAN).mul(scale);
            IntVector cut = IntVector.fromMemorySegment(INTS, MEMORY, random + at, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.LSHL, unused)
                    .lanewise(VectorOperators.LSHR, 16)
                    .lanewise(VectorOperators.LSHL, code.shift() - 16);
            IntVector magnitude = x.abs()
                    .add(DynamicCode.LOWEST)
                    .viewAsIntegralLanes()
                    .add(cut)
                    .lanewise(VectorOperators.LSHR, code.shift())
                    .sub(code.offset())
                    .min(code.last());
            IntVector negative = x.viewAsIntegralLanes()
                    .lanewise(VectorOperators.LSHR, 24)
                    .and(sign)
                    .blend(0, magnitude.compare(VectorOperators.EQ, 0));
            IntVector lowest = IntVector.zero(INTS)
                    .blend(least, x.compare(VectorOperators.GT, 0f).cast(INTS));
            ((ByteVector) magnitude.max(lowest).or(negative).convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoMemorySegment(MEMORY, codes + i, LITTLE_ENDIAN);
        }
    }

    /** The bit of a code that says that a number is negative, or none. */
    private static int sign(DynamicCode code) {
        return switch (code) {
            case SIGNED -> SIGN;
            case UNSIGNED -> 0;
        };
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }
}
