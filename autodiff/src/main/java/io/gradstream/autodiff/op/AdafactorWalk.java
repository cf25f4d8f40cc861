package io.gradstream.autodiff.op;

import java.util.List;

/** The walk of an {@link AdafactorUpdate}: parameter after parameter, each several times. */
final class AdafactorWalk extends UpdateWalk {

    private final AdafactorUpdate op;
    private double rate;
    private double relativeRate;
    private double weight;

    AdafactorWalk(AdafactorUpdate op, List<? extends Elements> operands) {
        super(op, operands);
        this.op = op;
    }

    @Override
    void begin(double learningRate, double step) {
        rate = learningRate;
        relativeRate = Math.min(learningRate, 1 / Math.sqrt(step));
        weight = Math.pow(step, op.decay());
    }

    @Override
    double update(int row, Segment segment) {
        learn(row, segment);
        double scale = scale(row);
        double squares = 0;
        for (long i = 0; i < segment.size(); i++) {
            double u = direction(row, segment, i, scale);
            squares += u * u;
        }
        double size = segment.size();
        double excess = Math.max(1, Math.sqrt(squares / size) / op.threshold());
        double step = Math.max(op.epsilon2(), Math.sqrt(squaredWeight(segment) / size)) * relativeRate / excess;
        double squaredUpdate = 0;
        for (long i = 0; i < segment.size(); i++) {
            double decayed = parameter(segment.offset() + i) * (1 - rate * op.weightDecay());
            squaredUpdate += move(segment.offset() + i, decayed - step * direction(row, segment, i, scale));
        }
        return squaredUpdate;
    }

    private void learn(int row, Segment segment) {
        long at = op.stateOffset(row);
        if (!op.isFactored(row)) {
            for (long i = 0; i < segment.size(); i++) {
                learn(at + i, square(segment.offset() + i));
            }
            return;
        }
        int rows = op.rows().get(row);
        int columns = op.columns(row);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                sum += square(segment.offset() + (long) i * columns + j);
            }
            learn(at + i, sum / columns);
        }
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                sum += square(segment.offset() + (long) i * columns + j);
            }
            learn(at + rows + j, sum / rows);
        }
    }

    private double square(long index) {
        return gradient(index) * gradient(index);
    }

    private void learn(long index, double square) {
        double moment = state(0).get(index);
        state(0).set(
                        index,
                        OptimizerUpdate.flush(
                                moment + (square - moment) * weight, OptimizerUpdate.SECOND_MOMENT_FLUSH));
    }

    /** What the product of a row and a column is multiplied by to be a second moment. */
    private double scale(int row) {
        if (!op.isFactored(row)) {
            return 1;
        }
        int rows = op.rows().get(row);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += state(0).get(op.stateOffset(row) + i);
        }
        return 1 / Math.max(op.epsilon1(), sum / rows);
    }

    private double direction(int row, Segment segment, long index, double scale) {
        long at = op.stateOffset(row);
        double v;
        if (op.isFactored(row)) {
            int columns = op.columns(row);
            v = state(0).get(at + index / columns) * state(0).get(at + op.rows().get(row) + index % columns) * scale;
        } else {
            v = state(0).get(at + index);
        }
        return gradient(segment.offset() + index) / Math.sqrt(Math.max(v, op.epsilon1() * op.epsilon1()));
    }
}
