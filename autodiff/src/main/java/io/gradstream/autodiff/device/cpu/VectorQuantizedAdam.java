package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static io.gradstream.autodiff.device.cpu.VectorMath.splat;
import static io.gradstream.autodiff.device.cpu.VectorRule.load;
import static io.gradstream.autodiff.device.cpu.VectorRule.store;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

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
        move(
                parameters,
                gradients,
                firstCodes,
                rootCodes,
                MEMORY.get(FLOAT, addresses[4] + scale),
                MEMORY.get(FLOAT, addresses[5] + scale),
                count);
        float firstScale = largestFirst < (float) OptimizerUpdate.FIRST_MOMENT_FLUSH
                ? 0
                : largestFirst / DynamicCode.SIGNED.largest();
        float rootScale =
                largestRoot < (float) QuantizedAdamUpdate.ROOT_FLUSH ? 0 : largestRoot / DynamicCode.UNSIGNED.largest();
        MEMORY.set(FLOAT, addresses[4] + scale, firstScale);
        MEMORY.set(FLOAT, addresses[5] + scale, rootScale);
        encode(
                firstCodes,
                rootCodes,
                firstScale == 0 ? 0 : 1 / firstScale,
                rootScale == 0 ? 0 : 1 / rootScale,
                count,
                index);
    }

    private void move(
            long parameters,
            long gradients,
            long firstCodes,
            long rootCodes,
            float firstScale,
            float rootScale,
            int count) {
        float gain1 = (float) (1 - op.beta1());
        float keep2 = (float) op.beta2();
        float gain2 = (float) (1 - op.beta2());
        float epsilon = (float) op.epsilon();
        FloatVector mostFirst = FloatVector.zero(FLOATS);
        FloatVector mostRoot = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector g = load(gradients + at).mul(factor);
            IntVector signed = codes(firstCodes + i);
            FloatVector m = magnitude(signed.and(SIGN - 1), DynamicCode.SIGNED)
                    .mul(firstScale)
                    .viewAsIntegralLanes()
                    .or(signed.and(SIGN).lanewise(VectorOperators.LSHL, 24))
                    .viewAsFloatingLanes();
            m = g.sub(m).fma(splat(gain1), m);
            FloatVector r =
                    magnitude(codes(rootCodes + i), DynamicCode.UNSIGNED).mul(rootScale);
            r = g.mul(g).fma(splat(gain2), r.mul(r).mul(keep2)).sqrt();
            store(m, first + at);
            store(r, root + at);
            mostFirst = mostFirst.max(m.abs());
            mostRoot = mostRoot.max(r);
            FloatVector p = load(parameters + at);
            FloatVector direction = m.mul(stepSize).div(r.fma(splat(correction), splat(epsilon)));
            store(p, p.mul(shrink).sub(direction), parameters + at, change + at);
        }
        largestFirst = largest(mostFirst);
        largestRoot = largest(mostRoot);
    }

    private void encode(long firstCodes, long rootCodes, float perFirst, float perRoot, int count, int index) {
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            IntVector random = random(index + i);
            FloatVector m = load(first + at).mul(perFirst);
            IntVector signed = code(m.abs(), random.and(0xFFFF), DynamicCode.SIGNED);
            IntVector sign = m.viewAsIntegralLanes()
                    .lanewise(VectorOperators.LSHR, 24)
                    .and(SIGN)
                    .blend(0, signed.compare(VectorOperators.EQ, 0));
            storeCodes(signed.or(sign), firstCodes + i);
            FloatVector r = load(root + at).mul(perRoot);
            IntVector unsigned = code(r, random.lanewise(VectorOperators.LSHR, 16), DynamicCode.UNSIGNED);
            IntVector least = IntVector.zero(INTS)
                    .blend(1, r.compare(VectorOperators.GT, 0f).cast(INTS));
            storeCodes(unsigned.max(least), rootCodes + i);
        }
    }

    private static FloatVector magnitude(IntVector codes, DynamicCode code) {
        return codes.add(code.offset())
                .lanewise(VectorOperators.LSHL, code.shift())
                .viewAsFloatingLanes()
                .sub(DynamicCode.LOWEST);
    }

    private static IntVector code(FloatVector magnitude, IntVector random, DynamicCode code) {
        return magnitude
                .add(DynamicCode.LOWEST)
                .viewAsIntegralLanes()
                .add(random.lanewise(VectorOperators.LSHL, code.shift() - 16))
                .lanewise(VectorOperators.LSHR, code.shift())
                .sub(code.offset())
                .min(code.last());
    }

    /** {@link DynamicCode#random} of consecutive elements. */
    private IntVector random(int index) {
        IntVector bits =
                IntVector.broadcast(INTS, index).addIndex(1).mul(0x9E3779B9).add(seed * 0x85EBCA77);
        bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16))
                .mul(0x85EBCA6B);
        bits = bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 13))
                .mul(0xC2B2AE35);
        return bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.LSHR, 16));
    }

    private static IntVector codes(long address) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, MEMORY, address, LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private static void storeCodes(IntVector codes, long address) {
        ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0))
                .intoMemorySegment(MEMORY, address, LITTLE_ENDIAN);
    }

    private float largest(FloatVector values) {
        values.intoArray(lanes, 0);
        float largest = 0;
        for (float lane : lanes) {
            largest = Math.max(largest, lane);
        }
        return largest;
    }
}
