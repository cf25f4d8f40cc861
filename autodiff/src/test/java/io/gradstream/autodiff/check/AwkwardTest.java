package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.GeluSlope;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Shapes that leave tails or nothing at all, operands that are stretched, cut and turned, and numbers at the edges: every device against the reference. */
class AwkwardTest {
    private static final int[] LENGTHS = {0, 1, 13, 64, 207, 4098};
    private static final double[] BREAKING = {0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
    private static final float[] EDGES = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -3f,
        1e-30f,
        -1e-30f,
        1e30f,
        -1e30f,
        Float.MAX_VALUE,
        Float.MIN_NORMAL,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private static final Map<String, UnaryOperator<Tensor>> FUNCTIONS = new LinkedHashMap<>();
    private static final Map<String, BinaryOperator<Tensor>> PAIRS = new LinkedHashMap<>();

    static {
        FUNCTIONS.put("sum of all", Tensor::sum);
        FUNCTIONS.put("sum of columns", x -> x.sum(0));
        FUNCTIONS.put("sum of rows", x -> x.sum(1));
        FUNCTIONS.put("max of columns", x -> x.max(0));
        FUNCTIONS.put("max of rows", x -> x.max(1));
        FUNCTIONS.put("logSumExp of columns", x -> x.logSumExp(0));
        FUNCTIONS.put("logSumExp of rows", x -> x.logSumExp(1));
        FUNCTIONS.put("norm of columns", x -> x.norm(0));
        FUNCTIONS.put("norm of rows", x -> x.norm(1));
        FUNCTIONS.put("softmax", Tensor::softmax);
        FUNCTIONS.put("logSoftmax", Tensor::logSoftmax);
        FUNCTIONS.put("standardize", x -> x.standardize(1e-5));
        FUNCTIONS.put("transpose", x -> x.transpose(1, 0).softmax());
        FUNCTIONS.put("pad", x -> x.pad(1, 2, 1).tanh());
        FUNCTIONS.put("matmul", x -> x.matmul(false, x, true));
        FUNCTIONS.put(
                "matmul left",
                x -> x.matmul(true, x.slice(1, 0, Math.min(207, x.shape().dim(1))), false));
        FUNCTIONS.put("concat", x -> Tensor.concat(1, List.of(x, x.square())));
        FUNCTIONS.put("slices", x -> x.slice(0, 1, 3).multiply(x.slice(0, 0, 1)));
        FUNCTIONS.put("dropout", x -> x.dropout(0.3, new Draws(3, 1), x.tape().constant(5, DType.F64)));
        PAIRS.put("add", Tensor::add);
        PAIRS.put("subtract", Tensor::subtract);
        PAIRS.put("multiply", Tensor::multiply);
        PAIRS.put("divide", Tensor::divide);
        PAIRS.put("maximum", Tensor::maximum);
        PAIRS.put("minimum", Tensor::minimum);
        PAIRS.put("greater", Tensor::greater);
        PAIRS.put("greaterOrEqual", Tensor::greaterOrEqual);
        PAIRS.put("less", Tensor::less);
        PAIRS.put("lessOrEqual", Tensor::lessOrEqual);
        PAIRS.put("equal", Tensor::equal);
        PAIRS.put("notEqual", Tensor::notEqual);
    }

    @TestFactory
    Stream<DynamicTest> functionsAtEveryLength() {
        return Stream.of(UNARIES, FUNCTIONS)
                .flatMap(functions -> functions.entrySet().stream())
                .map(function -> dynamicTest(function.getKey(), () -> {
                    for (int length : LENGTHS) {
                        check(Literal.wave(3, length), function.getValue());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> operandsOfEveryLength() {
        return AwkwardOperands.all().entrySet().stream()
                .map(function -> dynamicTest(function.getKey(), () -> {
                    for (int length : LENGTHS) {
                        function.getValue().apply(length).check();
                    }
                }));
    }

    /** One element of a row that is infinite, no number or a zero of either sign, at the front, in a tail, and all of a row. */
    @TestFactory
    Stream<DynamicTest> functionsOfEdges() {
        return FUNCTIONS.entrySet().stream()
                .map(function -> dynamicTest(function.getKey(), () -> {
                    for (int length : new int[] {13, 207}) {
                        for (double edge : BREAKING) {
                            check(spoiled(length, 0, 1, edge), function.getValue());
                            check(spoiled(length, length - 1, length, edge), function.getValue());
                            check(spoiled(length, 0, length, edge), function.getValue());
                        }
                    }
                }));
    }

    private static Literal spoiled(int length, int from, int to, double edge) {
        double[] values = Literal.wave(3, length).values();
        Arrays.fill(values, length + from, length + to, edge);
        return Literal.of(values).with(3, length);
    }

    @TestFactory
    Stream<DynamicTest> knowsEveryOperationOfAKind() {
        Set<Class<?>> met = new HashSet<>();
        FUNCTIONS
                .values()
                .forEach(
                        function -> met.addAll(of(Literal.wave(3, 13), function).operations()));
        PAIRS.values()
                .forEach(pair -> met.addAll(new AgainstReference(
                                List.of(Literal.wave(3, 13), Literal.positive(3, 13)),
                                x -> pair.apply(x.get(0), x.get(1)))
                        .operations()));
        AwkwardOperands.all()
                .values()
                .forEach(function -> met.addAll(function.apply(13).operations()));
        return Stream.of(Binary.class, Reduction.class, Rowwise.class, Lookup.class)
                .map(kind -> dynamicTest(
                        kind.getSimpleName(), () -> assertThat(met).contains(kind.getPermittedSubclasses())));
    }

    @TestFactory
    Stream<DynamicTest> pairsStretchedInEveryPosition() {
        return PAIRS.entrySet().stream()
                .map(pair -> dynamicTest(pair.getKey(), () -> {
                    for (int length : LENGTHS) {
                        for (int[][] shapes : new int[][][] {
                            {{3, length}, {3, length}},
                            {{3, length}, {length}},
                            {{length}, {3, length}},
                            {{3, 1}, {1, length}},
                            {{1, length}, {3, 1}},
                            {{3, length}, {}},
                            {{}, {3, length}},
                            {{2, 1, length}, {3, 1}}
                        }) {
                            new AgainstReference(
                                            List.of(Literal.wave(shapes[0]), Literal.positive(shapes[1])),
                                            x -> pair.getValue().apply(x.get(0), x.get(1)))
                                    .check();
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> attentionAtEveryLength() {
        return Stream.of(0, 1, 13, 207)
                .map(length -> dynamicTest("length " + length, () -> {
                    attention(length, length, true).check();
                    attention(5, length, false).check();
                }));
    }

    /** Infinities, what is not a number and the signs of zeros come out as in plain arithmetic. */
    @TestFactory
    Stream<DynamicTest> pairsOfEdges() {
        double[] edges = new double[EDGES.length];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = EDGES[i];
        }
        Literal column = Literal.of(edges).with(edges.length, 1);
        Literal row = Literal.of(edges).with(1, edges.length);
        return PAIRS.entrySet().stream()
                .map(pair -> dynamicTest(pair.getKey(), () -> {
                    double[] truth = edges(column, row, pair.getValue(), new ReferenceDevice());
                    Devices.all().forEach((name, device) -> {
                        double[] values = edges(column, row, pair.getValue(), device.get());
                        for (int i = 0; i < truth.length; i++) {
                            String what = "%s: %s(%s, %s)"
                                    .formatted(name, pair.getKey(), edges[i / edges.length], edges[i % edges.length]);
                            assertThat(same(values[i], truth[i]))
                                    .as("%s = %s, not %s", what, values[i], truth[i])
                                    .isTrue();
                        }
                    });
                }));
    }

    private static final Map<String, UnaryOperator<Tensor>> UNARIES = new LinkedHashMap<>();

    static {
        UNARIES.put("abs", Tensor::abs);
        UNARIES.put("clamp", x -> x.clamp(-0.7, 2));
        UNARIES.put("elu", x -> x.elu(1));
        UNARIES.put("erf", Tensor::erf);
        UNARIES.put("exp", Tensor::exp);
        UNARIES.put("floor", Tensor::floor);
        UNARIES.put("gelu", Tensor::gelu);
        UNARIES.put("geluSlope", x -> x.apply(new GeluSlope()));
        UNARIES.put("huber", x -> x.huber(0.7));
        UNARIES.put("leakyRelu", x -> x.leakyRelu(0.01));
        UNARIES.put("log", Tensor::log);
        UNARIES.put("log1p", Tensor::log1p);
        UNARIES.put("negate", Tensor::negate);
        UNARIES.put("power", x -> x.power(3));
        UNARIES.put("relu", Tensor::relu);
        UNARIES.put("round", Tensor::round);
        UNARIES.put("sigmoid", Tensor::sigmoid);
        UNARIES.put("sign", Tensor::sign);
        UNARIES.put("silu", Tensor::silu);
        UNARIES.put("softplus", Tensor::softplus);
        UNARIES.put("sqrt", Tensor::sqrt);
        UNARIES.put("square", Tensor::square);
        UNARIES.put("tanh", Tensor::tanh);
    }

    @Test
    void knowsEveryUnaryOperation() {
        assertThat(UNARIES.keySet())
                .containsExactlyElementsOf(Stream.of(Unary.class.getPermittedSubclasses())
                        .map(type -> type.getSimpleName().substring(0, 1).toLowerCase(Locale.ROOT)
                                + type.getSimpleName().substring(1))
                        .toList());
    }

    /** Values and slopes at the edges; the reference, which is wider, is rounded as its element type is. */
    @TestFactory
    Stream<DynamicTest> unariesOfEdges() {
        double[] edges = new double[EDGES.length];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = EDGES[i];
        }
        return UNARIES.entrySet().stream()
                .map(unary -> dynamicTest(unary.getKey(), () -> {
                    List<double[]> truth = slopes(Literal.of(edges), unary.getValue(), new ReferenceDevice());
                    Devices.all().forEach((name, device) -> {
                        List<double[]> values = slopes(Literal.of(edges), unary.getValue(), device.get());
                        for (int i = 0; i < edges.length; i++) {
                            String what = "%s: %s(%s)".formatted(name, unary.getKey(), edges[i]);
                            assertClose(what, edges[i], values.get(0)[i], truth.get(0)[i]);
                            assertClose("slope of " + what, edges[i], values.get(1)[i], truth.get(1)[i]);
                        }
                    });
                }));
    }

    /** To six digits; where x is of the size of one, where sums cancel, to the digits of a number of that size. */
    private static void assertClose(String what, double x, double value, double truth) {
        float rounded = (float) truth;
        double lost = Math.abs(x) >= 0.5 && Math.abs(x) <= 3 ? 0x1p-22 : Float.MIN_NORMAL;
        boolean close = same(value, rounded) || Math.abs(value - rounded) < lost;
        assertThat(close).as("%s = %s, not %s", what, value, rounded).isTrue();
    }

    private static List<double[]> slopes(Literal x, UnaryOperator<Tensor> unary, Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            Tensor input = tape.input("x", x);
            Tensor output = unary.apply(input);
            Tensor ones = tape.constant(1, output.dtype()).broadcast(output.shape());
            return List.of(
                    output.values(),
                    Gradient.partial(tape, output, ones, List.of(input))
                            .getFirst()
                            .values());
        }
    }

    private static boolean same(double value, double truth) {
        return Double.compare(value, truth) == 0 || (truth != 0 && Math.abs(value - truth) <= 1e-6 * Math.abs(truth));
    }

    private static double[] edges(Literal left, Literal right, BinaryOperator<Tensor> pair, Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            return pair.apply(tape.input("left", left), tape.input("right", right))
                    .values();
        }
    }

    private static AgainstReference attention(int queries, int keys, boolean causal) {
        return new AgainstReference(
                List.of(Literal.wave(2, queries, 3), Literal.ripple(2, keys, 3), Literal.positive(2, keys, 3)),
                x -> x.get(0).attention(x.get(1), x.get(2), causal, null));
    }

    private static void check(Literal operand, UnaryOperator<Tensor> function) {
        of(operand, function).check();
    }

    private static AgainstReference of(Literal operand, UnaryOperator<Tensor> function) {
        return new AgainstReference(List.of(operand), x -> function.apply(x.getFirst()));
    }
}
