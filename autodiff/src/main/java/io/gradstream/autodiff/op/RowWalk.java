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
    /** Per parameter Σ p̄² of the present row. */
    private final double[] squares;

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
        this.squares = new double[rates.length];
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

    /** Updates all parameters by one row, unless its loss or its clipped gradient is beyond a float. */
    private boolean learn(int row, double learningRate, double weight, double loss) {
        int ofWeight = rates.length - 2;
        int ofBias = rates.length - 1;
        squares[ofBias] = 0;
        for (double slope : slopes) {
            squares[ofBias] += slope * slope;
        }
        squares[ofWeight] = squares[ofBias] * memory.dot(RowMemory.INPUT, 0, RowMemory.INPUT, 0, width);
        inputGradient(row);
        double squaredNorm = 0;
        for (double square : squares) {
            squaredNorm += square;
        }
        double clip = Math.min(1, op.maxNorm() / (Math.sqrt(squaredNorm) + ScaleAndClip.CLIP_EPSILON));
        if (!isFloat(clip * clip * squaredNorm) || !isFloat(loss)) {
            add(RowByRow.SUMS, column(ofWeight, RowByRow.Sum.REFUSED), 1);
            return false;
        }
        double step = learningRate * weight;
        updateTables(row, step, clip);
        updateWeight(step * rates[ofWeight], clip);
        updateBias(step * rates[ofBias], clip);
        count(step, weight, clip);
        return true;
    }

    private static boolean isFloat(double value) {
        return Math.abs(value) <= Float.MAX_VALUE;
    }

    /** Computes the gradient with respect to the input where tables gave it, and of each table the sum of its squares. */
    private void inputGradient(int row) {
        int at = 0;
        int operand = RowByRow.FIRST_INPUT;
        int table = 0;
        for (RowInput input : inputs) {
            switch (input) {
                case RowInput.Numbers _ -> {}
                case RowInput.Category category -> squares[table++] = inputGradient(at, category.width());
                case RowInput.Bag bag ->
                    squares[table++] = inputGradient(at, bag.width()) * squaredShares(bag, operand, row);
            }
            at += input.width();
            operand += input.operands();
        }
    }

    private double inputGradient(int at, int count) {
        memory.clear(RowMemory.INPUT_GRADIENT, at, count);
        for (int k = 0; k < outputs.length; k++) {
            memory.blend(RowMemory.INPUT_GRADIENT, at, 1, slopes[k], RowByRow.WEIGHT, (long) k * width + at, count);
        }
        return memory.dot(RowMemory.INPUT_GRADIENT, at, RowMemory.INPUT_GRADIENT, at, count);
    }

    /** What the squares of a bag's gradient are multiplied by: a table row that is in it n times gets n shares. */
    private double squaredShares(RowInput.Bag bag, int operand, int row) {
        int from = offset(operand, row);
        int to = offset(operand, row + 1);
        long equal = 0;
        for (int i = from; i < to; i++) {
            for (int j = from; j < to; j++) {
                equal += id(operand + 1, i) == id(operand + 1, j) ? 1 : 0;
            }
        }
        double share = from == to ? 0 : share(bag, from, to);
        return equal * share * share;
    }

    private void updateTables(int row, double step, double clip) {
        int at = 0;
        int operand = RowByRow.FIRST_INPUT;
        int table = 0;
        for (RowInput input : inputs) {
            switch (input) {
                case RowInput.Numbers _ -> {}
                case RowInput.Category category ->
                    updateRow(operand, id(operand + 1, row), at, category.width(), step * rates[table++], clip);
                case RowInput.Bag bag -> {
                    int from = offset(operand, row);
                    int to = offset(operand, row + 1);
                    for (int i = from; i < to; i++) {
                        double share = share(bag, from, to);
                        updateRow(operand, id(operand + 1, i), at, bag.width(), step * rates[table], clip * share);
                    }
                    table++;
                }
            }
            at += input.width();
            operand += input.operands();
        }
    }

    private void updateRow(int operand, long id, int at, int count, double rate, double factor) {
        double keep = 1 - rate * op.weightDecay();
        memory.blend(operand, id * count, keep, -rate * factor, RowMemory.INPUT_GRADIENT, at, count);
    }

    private void updateWeight(double rate, double clip) {
        double keep = 1 - rate * op.weightDecay();
        for (int k = 0; k < outputs.length; k++) {
            memory.blend(RowByRow.WEIGHT, (long) k * width, keep, -rate * clip * slopes[k], RowMemory.INPUT, 0, width);
        }
    }

    private void updateBias(double rate, double clip) {
        for (int k = 0; k < outputs.length; k++) {
            double before = memory.get(RowByRow.BIAS, k);
            memory.set(RowByRow.BIAS, k, before - rate * (clip * slopes[k] + op.weightDecay() * before));
        }
    }

    private void count(double step, double weight, double clip) {
        for (int parameter = 0; parameter < rates.length; parameter++) {
            double clipped = clip * clip * squares[parameter];
            double rate = step * rates[parameter];
            add(RowByRow.SUMS, column(parameter, RowByRow.Sum.GRADIENT), weight * squares[parameter]);
            add(RowByRow.SUMS, column(parameter, RowByRow.Sum.CLIPPED), weight * clipped);
            add(RowByRow.SUMS, column(parameter, RowByRow.Sum.UPDATE), rate * rate * clipped);
        }
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
