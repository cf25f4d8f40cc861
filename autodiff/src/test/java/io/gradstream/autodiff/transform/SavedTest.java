package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Operations;
import io.gradstream.autodiff.op.Sample;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SavedTest {

    /** What theory says backward needs of each operation: operands by number, the result as y. */
    private static final Map<String, List<String>> NEEDED = new TreeMap<>(Map.ofEntries(
            // linear: nothing
            Map.entry("Add", List.of()),
            Map.entry("Subtract", List.of()),
            Map.entry("Negate", List.of()),
            Map.entry("Sum", List.of()),
            Map.entry("Broadcast", List.of()),
            Map.entry("Reshape", List.of()),
            Map.entry("Transpose", List.of()),
            Map.entry("Slice", List.of()),
            Map.entry("Pad", List.of()),
            Map.entry("Concat", List.of()),
            Map.entry("Cast", List.of()),
            // linear in rows chosen by a number: the numbers
            Map.entry("Embedding", List.of("1")),
            Map.entry("ScatterAddRows", List.of("1")),
            Map.entry("Gather", List.of("1")),
            Map.entry("ScatterAdd", List.of("1")),
            Map.entry("BagCombine", List.of("1")),
            Map.entry("BagSpread", List.of("1")),
            Map.entry("Where", List.of("0")),
            Map.entry("Dropout", List.of("1")),
            // flat: nothing
            Map.entry("Sign", List.of()),
            Map.entry("Round", List.of()),
            Map.entry("Floor", List.of()),
            Map.entry("ArgMax", List.of()),
            Map.entry("OneHot", List.of()),
            Map.entry("Visibility", List.of()),
            Map.entry("StopGradient", List.of()),
            Map.entry("RandomUniform", List.of()),
            Map.entry("RandomNormal", List.of()),
            Map.entry("Equal", List.of()),
            Map.entry("Greater", List.of()),
            Map.entry("GreaterOrEqual", List.of()),
            // products: the factors
            Map.entry("Multiply", List.of("0", "1")),
            Map.entry("Matmul", List.of("0", "1")),
            Map.entry("Linear", List.of("0", "1")),
            Map.entry("Deflate", List.of("0", "1")),
            Map.entry("Attention", List.of("0", "1", "2")),
            Map.entry("AttentionGradient", List.of("0", "1", "2", "3")),
            Map.entry("SelfAttention", List.of("0")),
            Map.entry("SelfAttentionGradient", List.of("0", "1")),
            Map.entry("Divide", List.of("1", "y")),
            Map.entry("Square", List.of("0")),
            // a slope in terms of the result: the result, which the next layer keeps anyway
            Map.entry("Relu", List.of("y")),
            Map.entry("Sigmoid", List.of("y")),
            Map.entry("Tanh", List.of("y")),
            Map.entry("Elu", List.of("y")),
            Map.entry("Exp", List.of("y")),
            Map.entry("Sqrt", List.of("y")),
            Map.entry("Softmax", List.of("y")),
            Map.entry("LogSoftmax", List.of("y")),
            // otherwise the operand
            Map.entry("Abs", List.of("0")),
            Map.entry("Clamp", List.of("0")),
            Map.entry("Log", List.of("0")),
            Map.entry("Log1p", List.of("0")),
            Map.entry("Erf", List.of("0")),
            Map.entry("Power", List.of("0")),
            Map.entry("Huber", List.of("0")),
            Map.entry("LeakyRelu", List.of("0")),
            Map.entry("Gelu", List.of("0")),
            Map.entry("GeluSlope", List.of("0")),
            Map.entry("Softplus", List.of("0")),
            Map.entry("Silu", List.of("0", "y")),
            Map.entry("Maximum", List.of("0", "1")),
            Map.entry("Minimum", List.of("0", "1")),
            Map.entry("Max", List.of("0", "y")),
            Map.entry("LogSumExp", List.of("0", "y")),
            Map.entry("Norm", List.of("0", "y")),
            Map.entry("Standardize", List.of("0", "y")),
            Map.entry("InverseDeviation", List.of("0", "y")),
            Map.entry("SigmoidCrossEntropy", List.of("0", "1")),
            Map.entry("SigmoidError", List.of("0")),
            Map.entry("SoftmaxCrossEntropy", List.of("0", "1")),
            // what its rule says, here that of a square
            Map.entry("CustomRule", List.of("0"))));

    @TestFactory
    Stream<DynamicTest> isWhatTheoryNeedsOfEachOperation() {
        return differentiable()
                .map(operation -> dynamicTest(
                        operation.getSimpleName(),
                        () -> assertThat(saved(Operations.samples(operation).get(0)))
                                .isEqualTo(NEEDED.get(operation.getSimpleName()))));
    }

    @Test
    void theoryIsAskedAboutEveryOperationThatHasADerivative() {
        assertThat(NEEDED.keySet())
                .isEqualTo(differentiable().map(Class::getSimpleName).collect(Collectors.toSet()));
    }

    @Test
    void countsTheBytesOfALayer() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(32, 64));
        Tensor weight = tape.parameter("w", Literal.ripple(16, 64));
        Tensor bias = tape.parameter("b", Literal.ripple(16));
        Tensor hidden = x.linear(weight, bias).tanh();
        Tensor loss = hidden.square().sum();

        List<Saved> saved = Saved.of(loss, Gradient.of(tape, loss, List.of(weight, bias)));

        assertThat(saved.stream().map(Saved::value)).containsExactly(x, hidden);
        assertThat(Saved.bytes(saved)).isEqualTo(4 * (32 * 64 + 32 * 16));
    }

    @Test
    void countsMemoryThatIsSharedOnce() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(6));
        Tensor loss = x.square()
                .sum()
                .add(x.reshape(2, 3).exp().sum())
                .add(x.reshape(3, 2).square().sum());

        List<Saved> saved = Saved.of(loss, Gradient.of(tape, loss, List.of(x)));

        assertThat(saved).hasSize(2).first().isEqualTo(new Saved(x, 24));
    }

    @Test
    void isLessWithACheckpoint() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(6));
        List<Tensor> layers = new ArrayList<>();
        Tensor y = x;
        for (int i = 0; i < 9; i++) {
            y = y.tanh();
            layers.add(y);
        }
        Tensor loss = y.sum();

        List<Saved> saved = Saved.of(loss, Gradient.of(tape, loss, List.of(x), Checkpoint.every(3, layers)));

        assertThat(saved.stream().map(Saved::value)).containsExactly(x, layers.get(2), layers.get(5), layers.get(8));
    }

    private static Stream<Class<?>> differentiable() {
        return Operations.all().stream().filter(Differentiable.class::isAssignableFrom);
    }

    private static List<String> saved(Sample sample) {
        Tape tape = Tape.recording();
        List<Tensor> inputs = new ArrayList<>();
        for (Literal input : sample.inputs()) {
            inputs.add(tape.input("input " + inputs.size(), input));
        }
        Tensor output = tape.emit(sample.op(), inputs.toArray(Value[]::new));
        TensorType type = output.type().with(output.dtype().gradient());
        Tensor cotangent = tape.input("cotangent", type);
        List<Tensor> floating =
                inputs.stream().filter(input -> input.dtype().isFloating()).toList();
        return Saved.of(output, Gradient.partial(tape, output, cotangent, floating)).stream()
                .map(Saved::value)
                .filter(value -> value != cotangent)
                .map(value -> value == output ? "y" : Integer.toString(value.id()))
                .toList();
    }
}
