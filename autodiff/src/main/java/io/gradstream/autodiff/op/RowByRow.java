package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learning of a linear model from the rows of a micro-batch one after the other, by plain gradient descent: every row is predicted
 * with what the rows before it have taught, as if each were a step of its own. For row r of weight w and slopes g = ∂loss/∂z:
 *
 * <pre>
 * x = concatenated inputs            z = W·x + b
 * W̄ = g·xᵀ    b̄ = g    x̄ = Wᵀ·g      (x̄ goes to the table rows that x came from)
 * c = min(1, maxNorm / (‖W̄, b̄, x̄‖ + 1e-6))
 * p = p − LEARNING_RATE·rate(p)·w·(c·p̄ + weightDecay·p)      of table rows only those that were used
 * </pre>
 *
 * <p>A row whose loss or squared gradient norm, clipped, is no finite F32 teaches nothing and counts nothing. Rows of weight 0 are
 * predicted only. Operands: the bias, weight [outputs, width], predictions [rows, outputs], losses [rows] and {@link #sums} (written
 * too, like the tables), the control block (TOTAL_WEIGHT and TOTAL_LOSS are added to), labels and weights [rows], and those of each
 * input.
 *
 * @param inputs the parts of x in their order
 * @param rates what the learning rate is multiplied by, for each table in the order of the inputs, then the weight, then the bias
 */
public record RowByRow(RowLoss loss, List<RowInput> inputs, List<Double> rates, double weightDecay, double maxNorm)
        implements InPlace {

    static final int BIAS = 0;
    static final int WEIGHT = 1;
    static final int PREDICTIONS = 2;
    static final int LOSSES = 3;
    static final int SUMS = 4;
    static final int CONTROL = 5;
    static final int LABELS = 6;
    static final int ROW_WEIGHTS = 7;
    static final int FIRST_INPUT = 8;

    /** What is summed over the rows of a step for each parameter, tables first, then weight and bias. */
    public enum Sum {
        /** Σ w·‖p̄‖². */
        GRADIENT,
        /** Σ w·‖c·p̄‖². */
        CLIPPED,
        /** Σ ‖Δp‖², without what weight decay does. */
        UPDATE,
        /** The number of rows whose gradient was not finite. */
        REFUSED;

        static final int COUNT = values().length;

        @SuppressWarnings("EnumOrdinal") // the order of the columns is what this enum defines
        int index() {
            return ordinal();
        }
    }

    public RowByRow {
        inputs = List.copyOf(inputs);
        rates = List.copyOf(rates);
        if (inputs.isEmpty() || rates.size() != tables(inputs) + 2) {
            throw new IllegalArgumentException(
                    "every parameter must have a rate: inputs=" + inputs + " rates=" + rates);
        }
        if (!(weightDecay >= 0) || !(maxNorm > 0)) {
            throw new IllegalArgumentException("weight decay must not be negative and the norm must be positive:"
                    + " weightDecay=" + weightDecay + " maxNorm=" + maxNorm);
        }
    }

    /** The type of the sums over a step. */
    public static TensorType sums(int parameters) {
        return TensorType.of(DType.F64, parameters, Sum.COUNT);
    }

    /** How many rows of a step have a gradient that is not finite, given its sums. */
    public static double refused(double... sums) {
        double refused = 0;
        for (int at = Sum.REFUSED.index(); at < sums.length; at += Sum.COUNT) {
            refused += sums[at];
        }
        return refused;
    }

    int width() {
        return inputs.stream().mapToInt(RowInput::width).sum();
    }

    /** How many parameters there are: the tables, weight and bias. */
    public int parameters() {
        return rates.size();
    }

    @Override
    public List<Integer> overwrites() {
        List<Integer> written = new ArrayList<>(List.of(BIAS, WEIGHT, PREDICTIONS, LOSSES, SUMS, CONTROL));
        int at = FIRST_INPUT;
        for (RowInput input : inputs) {
            if (!(input instanceof RowInput.Numbers)) {
                written.add(at);
            }
            at += input.operands();
        }
        return written;
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        int expected =
                FIRST_INPUT + inputs.stream().mapToInt(RowInput::operands).sum();
        Rules.arity(this, operands, expected);
        TensorType bias = operands.get(BIAS);
        Rules.rank(this, bias, 1);
        Rules.dtype(this, bias, DType.F32);
        int outputs = bias.shape().dim(0);
        Rules.require(
                loss.accepts(outputs),
                this,
                "needs outputs that its loss takes",
                "loss=" + loss + " outputs=" + outputs);
        Rules.type(this, "weight", operands.get(WEIGHT), TensorType.of(DType.F32, outputs, width()));
        TensorType losses = operands.get(LOSSES);
        Rules.rank(this, losses, 1);
        Rules.dtype(this, losses, DType.F32);
        int rows = losses.shape().dim(0);
        Rules.type(this, "predictions", operands.get(PREDICTIONS), TensorType.of(DType.F32, rows, outputs));
        Rules.type(this, "sums", operands.get(SUMS), sums(parameters()));
        Rules.type(this, "control block", operands.get(CONTROL), Control.block());
        Rules.require(
                operands.get(LABELS).shape().equals(Shape.of(rows)),
                this,
                "needs a label per row",
                operands.get(LABELS));
        Rules.type(this, "row weights", operands.get(ROW_WEIGHTS), losses);
        int at = FIRST_INPUT;
        for (RowInput input : inputs) {
            input(input, operands.subList(at, at + input.operands()), rows);
            at += input.operands();
        }
        return bias;
    }

    private void input(RowInput input, List<TensorType> operands, int rows) {
        TensorType first = operands.get(0);
        Rules.rank(this, first, 2);
        Rules.dtype(this, first, DType.F32);
        Rules.require(
                first.shape().dim(1) == input.width(),
                this,
                "needs inputs of their width",
                "input=" + input + " operand=" + first);
        switch (input) {
            case RowInput.Numbers _ ->
                Rules.require(first.shape().dim(0) == rows, this, "needs numbers for every row", first);
            case RowInput.Category _ -> Rules.type(this, "ids", operands.get(1), TensorType.of(DType.I32, rows));
            case RowInput.Bag _ -> {
                Rules.dtype(this, operands.get(1), DType.I32);
                Rules.type(this, "offsets", operands.get(2), TensorType.of(DType.I32, rows + 1));
            }
        }
    }

    private static int tables(List<RowInput> inputs) {
        return (int) inputs.stream()
                .filter(input -> !(input instanceof RowInput.Numbers))
                .count();
    }

    public static List<Sample> samples() {
        List<RowInput> numbers = List.of(new RowInput.Numbers(5));
        List<RowInput> wide = List.of(new RowInput.Numbers(37));
        List<RowInput> mixed = List.of(
                new RowInput.Category(3),
                new RowInput.Numbers(2),
                new RowInput.Bag(2, Combine.MEAN),
                new RowInput.Bag(2, Combine.SUM));
        List<RowInput> many = Collections.nCopies(11, new RowInput.Category(3));
        List<RowInput> vast = List.of(new RowInput.Numbers(2100));
        double free = Double.POSITIVE_INFINITY;
        return List.of(
                sample(new RowByRow(new RowLoss.Logistic(), numbers, List.of(1.0, 2.0), 0, free), 1, 0),
                sample(new RowByRow(new RowLoss.Logistic(), wide, List.of(1.0, 1.0), 0.1, 0.5), 1, 0),
                sample(new RowByRow(new RowLoss.Logistic(), vast, List.of(1.0, 1.0), 0.1, 0.5), 1, 0),
                sample(new RowByRow(new RowLoss.Logistic(), many, Collections.nCopies(13, 0.5), 0.1, 0.5), 1, 0),
                sample(new RowByRow(new RowLoss.Logistic(), numbers, List.of(1.0, 2.0), 0, free), 1, Double.NaN),
                sample(new RowByRow(new RowLoss.Squared(), mixed, List.of(1.0, 0.5, 0.0, 1.0, 1.0), 0.1, 1), 1, 0),
                sample(new RowByRow(new RowLoss.Softmax(), mixed, List.of(1.0, 0.5, 2.0, 1.0, 1.0), 0, free), 3, 0),
                sample(new RowByRow(new RowLoss.Absolute(), numbers, List.of(1.0, 1.0), 0, free), 1, 0),
                sample(new RowByRow(new RowLoss.Huber(0.5), numbers, List.of(1.0, 1.0), 0, free), 1, 0),
                sample(new RowByRow(new RowLoss.Poisson(), numbers, List.of(1.0, 1.0), 0, 3), 1, 0));
    }

    /** Six rows, of which one weighs nothing and another begins with a value of the caller's choice where that is not 0. */
    private static Sample sample(RowByRow op, int outputs, double poison) {
        int rows = 6;
        Literal labels = outputs == 1 ? Literal.of(1, 0, 1, 1, 0, 0) : Literal.ids(2, 0, 1, 1, 0, 2);
        List<Literal> operands = new ArrayList<>(List.of(
                Literal.wave(outputs),
                Literal.ripple(outputs, op.width()),
                Literal.wave(rows, outputs),
                Literal.wave(rows),
                new Literal(sums(op.parameters()), new double[op.parameters() * Sum.COUNT]),
                ControlSample.block(),
                labels,
                Literal.of(1, 0.5, 2, 0, 1, 3)));
        for (RowInput input : op.inputs()) {
            switch (input) {
                case RowInput.Numbers numbers -> operands.add(poisoned(Literal.wave(rows, numbers.width()), poison));
                case RowInput.Category category ->
                    operands.addAll(List.of(Literal.ripple(4, category.width()), Literal.ids(2, 0, 2, 3, 2, 1)));
                case RowInput.Bag bag ->
                    operands.addAll(List.of(
                            Literal.wave(4, bag.width()),
                            Literal.ids(0, 1, 1, 3, 2, 2, 0, 0, 0),
                            Literal.ids(0, 2, 2, 3, 5, 5, 7)));
            }
        }
        return new Sample(op, operands, false);
    }

    private static Literal poisoned(Literal numbers, double poison) {
        if (poison == 0) {
            return numbers;
        }
        double[] values = numbers.values();
        int width = numbers.type().shape().dim(1);
        IntStream.range(2 * width, 2 * width + 1).forEach(i -> values[i] = poison);
        return new Literal(numbers.type(), values);
    }
}
