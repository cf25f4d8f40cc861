package io.gradstream.autodiff.op;

import java.util.List;

/** The walk of a {@link QuantizedAdamUpdate}: block after block, each once for the update and once for the new codes. */
final class QuantizedAdamWalk extends UpdateWalk {

    private final QuantizedAdamUpdate op;
    private final double[] first = new double[QuantizedAdamUpdate.BLOCK];
    private final double[] root = new double[QuantizedAdamUpdate.BLOCK];
    private int step;
    private double shrink;
    private double stepSize;
    private double correction;

    QuantizedAdamWalk(QuantizedAdamUpdate op, List<? extends Elements> operands) {
        super(op, operands);
        this.op = op;
    }

    @Override
    void begin(double learningRate, double steps) {
        step = (int) steps;
        shrink = 1 - learningRate * op.weightDecay();
        stepSize = learningRate / (1 - Math.pow(op.beta1(), steps));
        correction = Math.sqrt(1 - Math.pow(op.beta2(), steps));
    }

    @Override
    double update(int row, Segment segment) {
        double squaredUpdate = 0;
        int block = op.blocks(row);
        for (long at = segment.offset(); at < segment.end(); at += QuantizedAdamUpdate.BLOCK, block++) {
            int count = (int) Math.min(QuantizedAdamUpdate.BLOCK, segment.end() - at);
            squaredUpdate += update(at, count, state(2).get(block), state(3).get(block));
            state(2).set(block, encode(DynamicCode.SIGNED, first, at, count));
            state(3).set(block, encode(DynamicCode.UNSIGNED, root, at, count));
        }
        return squaredUpdate;
    }

    private double update(long at, int count, double firstScale, double rootScale) {
        double squaredUpdate = 0;
        for (int i = 0; i < count; i++) {
            double g = gradient(at + i);
            double m = DynamicCode.SIGNED.decode((int) state(0).get(at + i)) * firstScale;
            double r = DynamicCode.UNSIGNED.decode((int) state(1).get(at + i)) * rootScale;
            first[i] = m + (g - m) * (1 - op.beta1());
            root[i] = Math.sqrt(r * r * op.beta2() + (1 - op.beta2()) * g * g);
            double direction = stepSize * first[i] / (root[i] / correction + op.epsilon());
            squaredUpdate += move(at + i, parameter(at + i) * shrink - direction);
        }
        return squaredUpdate;
    }

    /** Stores the codes of a block and returns its scale. */
    private double encode(DynamicCode code, double[] values, long at, int count) {
        boolean signed = code == DynamicCode.SIGNED;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        boolean keeps = largest >= (signed ? OptimizerUpdate.FIRST_MOMENT_FLUSH : QuantizedAdamUpdate.ROOT_FLUSH);
        double scale = keeps ? largest / code.largest() : 0;
        for (int i = 0; i < count; i++) {
            int bits = DynamicCode.random((int) (at + i), step);
            int random = signed ? bits & 0xFFFF : bits >>> 16;
            state(signed ? 0 : 1).set(at + i, keeps ? code.encode(values[i] / scale, random) : 0);
        }
        return scale;
    }
}
