package io.gradstream.autodiff.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.FreshJvm;
import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.Linear;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.transform.Gradient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapeTest {

    @Test
    void remembersTheLineThatAskedForANode() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 2));

        assertThat(x.relu().site()).asString().matches("TapeTest\\.java:\\d+");
        assertThat(x.sum().describe()).contains("Reshape", "F32[scalar]", "TapeTest.java:");
    }

    @Test
    void remembersTheLineThatAskedForALayer() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 2, 3));
        Parameters parameters = Parameters.on(tape, 1, Mode.TRAINING);

        assertThat(new Linear(4).forward(x, parameters).site()).asString().startsWith("TapeTest.java:");
        assertThat(new Linear(4).withoutBias().forward(x, parameters).site())
                .asString()
                .startsWith("TapeTest.java:");
    }

    @Test
    void runsEachNodeAsItIsRecordedWhenEager() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.scalar(100));
            int halvings = 0;
            while (x.item() > 1) {
                x = x.multiply(0.5);
                halvings++;
            }
            assertThat(halvings).isEqualTo(7);
            assertThat(x.item()).isEqualTo(0.78125);
        }
    }

    @Test
    void remembersNoNodeForInference() {
        try (Tape tape = Tape.inference(new ReferenceDevice())) {
            Tensor x = tape.parameter("x", Literal.of(1, 2));
            Tensor y = x.square().sum();

            assertThat(y.item()).isEqualTo(5);
            assertThat(tape.nodes()).isEmpty();
            assertThatThrownBy(() -> Gradient.of(tape, y, List.of(x)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inference");
        }
    }

    /** ln 2 for each of two equal logits, times the weight of its class. */
    @Test
    void weighsClassesMoreThanOnceForInference() {
        try (Tape tape = Tape.inference(new ReferenceDevice())) {
            Tensor logits = tape.input("logits", new Literal(TensorType.of(DType.F64, 2, 2), 0, 0, 0, 0));
            Tensor classes = tape.input("classes", new Literal(TensorType.of(DType.I32, 2), 0, 1));

            for (double weight : new double[] {3, 5}) {
                assertThat(logits.softmaxCrossEntropy(classes, 0, List.of(1.0, weight))
                                .values())
                        .containsExactly(Math.log(2), weight * Math.log(2));
            }
        }
    }

    /** About 200 bytes: a node, its storage, its list of operands and the frame of its line. */
    @Test
    void takesLittleMemoryForANode() throws IOException, InterruptedException {
        assertThat(Integer.parseInt(FreshJvm.run(NodeMemoryProbe.class))).isBetween(50, 400);
    }

    @Test
    void hasNoNumbersWhileOnlyRecording() {
        Tensor x = Tape.recording().input("x", Literal.scalar(1));

        assertThatThrownBy(x::values).isInstanceOf(IllegalStateException.class).hasMessageContaining("eager");
    }

    @Test
    void statesTheRuleThatShapesBreak() {
        Tape tape = Tape.recording();
        Tensor a = tape.input("a", TensorType.of(DType.F32, 3, 2));
        Tensor b = tape.input("b", TensorType.of(DType.F32, 4, 3));

        assertThatThrownBy(() -> a.matmul(b))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Matmul inner dimensions must match: left=3x2 right=4x3");
    }

    @Test
    void refusesOperandsOfAnotherTape() {
        Tensor a = Tape.recording().input("a", Literal.scalar(1));
        Tensor b = Tape.recording().input("b", Literal.scalar(1));

        assertThatThrownBy(() -> a.add(b)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTwoLeavesOfOneName() {
        Tape tape = Tape.recording();
        tape.input("x", Literal.scalar(1));

        assertThatThrownBy(() -> tape.parameter("x", Literal.scalar(2))).hasMessageContaining("name=x");
    }

    @Test
    void refusesAValueThatWasOverwritten() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, 2));
        Tensor row = x.reshape(1, 2);
        Tensor emptied = x.fill(0);

        assertThat(emptied.relu().type()).isEqualTo(x.type());
        assertThatThrownBy(x::relu)
                .isInstanceOf(OverwrittenException.class)
                .hasMessageContainingAll("value=%0 Input(x)", "overwritten by=%2 Fill", "TapeTest.java:");
        assertThatThrownBy(row::relu).isInstanceOf(OverwrittenException.class);
    }

    @Test
    void overwritesInPlaceWhenEager() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.of(1, 2));
            Tensor sum = x.accumulate(tape.input("y", Literal.of(10, 20)));

            assertThat(sum.values()).containsExactly(11, 22);
            assertThat(sum.fill(0).values()).containsExactly(0, 0);
        }
    }

    @Test
    void refusesToOverwriteAConstant() {
        Tape tape = Tape.recording();

        assertThatThrownBy(() -> tape.constant(1, DType.F32).fill(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
