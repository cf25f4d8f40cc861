package io.gradstream.autodiff.op;

/** The algorithm of {@link RowByRow} on one device's memory: prepared once, run for every micro-batch, allocates nothing. */
public final class RowWalk implements Runnable {
    private final RowByRow op;
    private final RowMemory memory;
    private final RowInput[] inputs;
    private final double[] rates;
    private final int rows;
    private final int width;
    private final double[] outputs;
    private final double[] slopes;

    /** A walk over some rows of a model with some outputs. */
    public RowWalk(RowByRow op, RowMemory memory, int rows, int outputs) {
        this.op = op;
        this.memory = memory;
        this.inputs = op.inputs().toArray(RowInput[]::new);
        this.rates = op.rates().stream().mapToDouble(Double::doubleValue).toArray();
        this.rows = rows;
        this.width = op.width();
        this.outputs = new double[outputs];
        this.slopes = new double[outputs];
    }

    @Override
    public void run() {
        double learningRate = memory.get(RowByRow.CONTROL, Control.LEARNING_RATE.slot());
        double totalWeight = 0;
        double totalLoss = 0;
        for (int row = 0; row < rows; row++) {
            gather(row);
            double loss = predict(row);
            double weight = memory.get(RowByRow.ROW_WEIGHTS, row);
            if (weight != 0 && learn(row, learningRate, weight, loss)) {
                totalWeight += weight;
                totalLoss += weight * loss;
            }
        }
        add(RowByRow.CONTROL, Control.TOTAL_WEIGHT.slot(), totalWeight);
        add(RowByRow.CONTROL, Control.TOTAL_LOSS.slot(), totalLoss);
    }

    private void gather(int row) {
        int at = 0;
        int operand = RowByRow.FIRST_INPUT;
        for (RowInput input : inputs) {
            switch (input) {
                case RowInput.Numbers numbers ->
                    memory.copy(operand, (long) row * numbers.width(), RowMemory.INPUT, at, numbers.width());
                case RowInput.Category category ->
                    memory.copy(
                            operand, id(operand + 1, row) * category.width(), RowMemory.INPUT, at, category.width());
                case RowInput.Bag bag -> gather(bag, operand, row, at);
            }
            at += input.width();
            operand += input.operands();
        }
    }

    private void gather(RowInput.Bag bag, int operand, int row, int at) {
        memory.clear(RowMemory.INPUT, at, bag.width());
        int from = offset(operand, row);
        int to = offset(operand, row + 1);
        for (int i = from; i < to; i++) {
            memory.blend(
                    RowMemory.INPUT,
                    at,
                    1,
                    share(bag, from, to),
                    operand,
                    id(operand + 1, i) * bag.width(),
                    bag.width());
        }
    }

    private double predict(int row) {
        for (int k = 0; k < outputs.length; k++) {
            outputs[k] = memory.get(RowByRow.BIAS, k)
                    + memory.dot(RowByRow.WEIGHT, (long) k * width, RowMemory.INPUT, 0, width);
        }
        double loss = op.loss().apply(outputs, memory.get(RowByRow.LABELS, row), slopes);
        for (int k = 0; k < outputs.length; k++) {
            memory.set(RowByRow.PREDICTIONS, (long) row * outputs.length + k, outputs[k]);
        }
        memory.set(RowByRow.LOSSES, row, loss);
        return loss;
    }

    /** Updates all parameters by one row, unless its gradient is not finite. */
    private boolean learn(int row, double learningRate, double weight, double loss) {
        double squaredSlopes = 0;
        for (double slope : slopes) {
            squaredSlopes += slope * slope;
        }
        double squaredInput = memory.dot(RowMemory.INPUT, 0, RowMemory.INPUT, 0, width);
        double squaredTables = inputGradient();
        double squaredNorm = squaredSlopes * (squaredInput + 1) + squaredTables;
        int first = rates.length - 2;
        if (!Double.isFinite(squaredNorm) || !Double.isFinite(loss)) {
            add(RowByRow.SUMS, column(first, RowByRow.Sum.REFUSED), 1);
            return false;
        }
        double clip = Math.min(1, op.maxNorm() / (Math.sqrt(squaredNorm) + ScaleAndClip.CLIP_EPSILON));
        double step = learningRate * weight;
        updateTables(row, step, weight, clip);
        updateWeight(first, step, clip);
        updateBias(first + 1, step, clip);
        count(first, squaredSlopes * squaredInput, weight, clip);
        count(first + 1, squaredSlopes, weight, clip);
        return true;
    }

    /** Computes the gradient with respect to the input where tables gave it, and the sum of its squares there. */
    private double inputGradient() {
        double squares = 0;
        int at = 0;
        for (RowInput input : inputs) {
            if (!(input instanceof RowInput.Numbers)) {
                memory.clear(RowMemory.INPUT_GRADIENT, at, input.width());
                for (int k = 0; k < outputs.length; k++) {
                    memory.blend(
                            RowMemory.INPUT_GRADIENT,
                            at,
                            1,
                            slopes[k],
                            RowByRow.WEIGHT,
                            (long) k * width + at,
                            input.width());
                }
                squares += memory.dot(RowMemory.INPUT_GRADIENT, at, RowMemory.INPUT_GRADIENT, at, input.width());
            }
            at += input.width();
        }
        return squares;
    }

    private void updateTables(int row, double step, double weight, double clip) {
        int at = 0;
        int operand = RowByRow.FIRST_INPUT;
        int table = 0;
        for (RowInput input : inputs) {
            switch (input) {
                case RowInput.Numbers _ -> {}
                case RowInput.Category category -> {
                    updateRow(operand, id(operand + 1, row), table, at, category.width(), step, clip, 1);
                    countTable(table++, at, category.width(), weight, clip);
                }
                case RowInput.Bag bag -> {
                    int from = offset(operand, row);
                    int to = offset(operand, row + 1);
                    for (int i = from; i < to; i++) {
                        updateRow(
                                operand, id(operand + 1, i), table, at, bag.width(), step, clip, share(bag, from, to));
                    }
                    countTable(table++, at, bag.width(), weight, clip);
                }
            }
            at += input.width();
            operand += input.operands();
        }
    }

    private void updateRow(int operand, long id, int table, int at, int width, double step, double clip, double share) {
        double rate = step * rates[table];
        memory.blend(
                operand,
                id * width,
                1 - rate * op.weightDecay(),
                -rate * clip * share,
                RowMemory.INPUT_GRADIENT,
                at,
                width);
        double moved = rate * clip * share;
        add(
                RowByRow.SUMS,
                column(table, RowByRow.Sum.UPDATE),
                moved * moved * memory.dot(RowMemory.INPUT_GRADIENT, at, RowMemory.INPUT_GRADIENT, at, width));
    }

    private void updateWeight(int parameter, double step, double clip) {
        double rate = step * rates[parameter];
        double squaredInput = memory.dot(RowMemory.INPUT, 0, RowMemory.INPUT, 0, width);
        for (int k = 0; k < outputs.length; k++) {
            double moved = rate * clip * slopes[k];
            memory.blend(
                    RowByRow.WEIGHT, (long) k * width, 1 - rate * op.weightDecay(), -moved, RowMemory.INPUT, 0, width);
            add(RowByRow.SUMS, column(parameter, RowByRow.Sum.UPDATE), moved * moved * squaredInput);
        }
    }

    private void updateBias(int parameter, double step, double clip) {
        double rate = step * rates[parameter];
        for (int k = 0; k < outputs.length; k++) {
            double moved = rate * (clip * slopes[k] + op.weightDecay() * memory.get(RowByRow.BIAS, k));
            memory.set(RowByRow.BIAS, k, memory.get(RowByRow.BIAS, k) - moved);
            add(RowByRow.SUMS, column(parameter, RowByRow.Sum.UPDATE), moved * moved);
        }
    }

    private void countTable(int table, int at, int width, double weight, double clip) {
        count(table, memory.dot(RowMemory.INPUT_GRADIENT, at, RowMemory.INPUT_GRADIENT, at, width), weight, clip);
    }

    private void count(int parameter, double squaredGradient, double weight, double clip) {
        add(RowByRow.SUMS, column(parameter, RowByRow.Sum.GRADIENT), weight * squaredGradient);
        add(RowByRow.SUMS, column(parameter, RowByRow.Sum.CLIPPED), weight * clip * clip * squaredGradient);
    }

    private void add(int operand, long at, double value) {
        memory.set(operand, at, memory.get(operand, at) + value);
    }

    private static long column(int parameter, RowByRow.Sum sum) {
        return (long) parameter * RowByRow.Sum.COUNT + sum.index();
    }

    private long id(int operand, int at) {
        return (long) memory.get(operand, at);
    }

    private int offset(int operand, int row) {
        return (int) memory.get(operand + 2, row);
    }

    private static double share(RowInput.Bag bag, int from, int to) {
        return switch (bag.combine()) {
            case SUM -> 1;
            case MEAN -> 1.0 / (to - from);
        };
    }
}
