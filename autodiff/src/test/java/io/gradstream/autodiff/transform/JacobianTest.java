package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JacobianTest {

    private final Tape tape = Tape.eager(new ReferenceDevice());

    @AfterEach
    void close() {
        tape.close();
    }

    /** (x, y) ↦ (x²y, 5x + y³, xy): three rows and two columns, so column by column. */
    @Test
    void isTheClosedFormOfATallFunction() {
        Tensor point = vector("point", 2, 3);
        Tensor x = point.slice(0, 0, 1);
        Tensor y = point.slice(0, 1, 2);
        Tensor output =
                Tensor.concat(0, List.of(x.square().multiply(y), x.multiply(5).add(y.power(3)), x.multiply(y)));

        Tensor jacobian = Jacobian.of(tape, output, point);

        assertThat(jacobian.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(jacobian.values()).containsExactly(12, 4, 5, 27, 3, 2);
    }

    @Test
    void isTheMatrixOfALinearMapOfAMatrix() {
        Tensor matrix = tape.input("m", Literal.wave(2, 3).with(DType.F64));
        Tensor rowSums = matrix.sum(1);

        Tensor jacobian = Jacobian.of(tape, rowSums, matrix);

        assertThat(jacobian.shape()).isEqualTo(Shape.of(2, 2, 3));
        assertThat(jacobian.values()).containsExactly(1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1);
    }

    @Test
    void givesTheHessianOfRosenbrock() {
        Tensor point = vector("point", -1.2, 1);
        Tensor f = rosenbrock(point);

        Tensor hessian = Hessian.of(tape, f, point);

        assertThat(hessian.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(hessian.values()).containsExactly(new double[] {1330, 480, 480, 200}, within(1e-9));
    }

    @Test
    void multipliesTheHessianOfRosenbrockWithoutFormingIt() {
        Tensor point = vector("point", -1.2, 1);
        Tensor f = rosenbrock(point);

        double[] gradient = Gradient.of(tape, f, List.of(point)).get(0).values();
        double[] product = Hessian.product(tape, f, List.of(point), List.of(vector("direction", 0.5, -2)))
                .get(0)
                .values();

        assertThat(gradient).containsExactly(new double[] {-215.6, -88}, within(1e-10));
        assertThat(product).containsExactly(new double[] {665 - 960, 240 - 400}, within(1e-9));
    }

    @Test
    void multipliesTheHessianOfManyVariablesInMemoryOfTheirNumber() {
        int size = 1000;
        Tape recording = Tape.recording();
        Tensor x = recording.input("x", Literal.wave(size));
        Tensor f = x.square().sum().square();
        recording.input("v", Literal.ripple(size));

        Hessian.product(recording, f, List.of(x), List.of(recording.leaf("v")));

        assertThat(recording.nodes())
                .allSatisfy(node -> assertThat(node.shape().size()).isLessThanOrEqualTo(size));
    }

    @Test
    void takesNewtonsStepToTheMinimumOfAQuadratic() {
        Tensor point = vector("point", 3, -4, 5);
        Tensor curvature = vector("curvature", 1, 10, 100);
        Tensor target = vector("target", 1, 2, 3);
        Tensor f = curvature.multiply(point.subtract(target).square()).sum();
        Tensor gradient = Gradient.of(tape, f, List.of(point)).get(0);

        Tensor step = ConjugateGradients.solve(
                direction -> Hessian.product(tape, f, List.of(point), List.of(direction))
                        .get(0),
                gradient,
                3);

        assertThat(point.subtract(step).values()).containsExactly(new double[] {1, 2, 3}, within(1e-9));
    }

    @Test
    void leavesNothingToSolveAtTheSolution() {
        Tensor zero = vector("zero", 0, 0);

        assertThat(ConjugateGradients.solve(x -> x.multiply(2), zero, 5).values())
                .containsExactly(0, 0);
    }

    /** d/dw of (‖∂f/∂x‖ - 1)² for f = Σ tanh(w·x): the penalty that keeps a critic 1-Lipschitz. */
    @Test
    void differentiatesAGradientPenalty() {
        Tensor x = vector("x", 0.3, -0.7);
        Tensor w = vector("w", 1.5, 0.4);
        Tensor slope = Gradient.of(tape, w.multiply(x).tanh().sum(), List.of(x)).get(0);
        Tensor penalty = slope.square().sum().sqrt().subtract(1).square();

        double[] gradient = Gradient.of(tape, penalty, List.of(w)).get(0).values();

        double[] expected = new double[2];
        double norm = Math.sqrt(squareOf(1.5, 0.3) + squareOf(0.4, -0.7));
        expected[0] = 2 * (norm - 1) / norm * slopeOf(1.5, 0.3) * slopeByWeight(1.5, 0.3);
        expected[1] = 2 * (norm - 1) / norm * slopeOf(0.4, -0.7) * slopeByWeight(0.4, -0.7);
        assertThat(gradient).containsExactly(expected, within(1e-12));
    }

    /** w·(1 - tanh²(wx)). */
    private static double slopeOf(double w, double x) {
        double t = Math.tanh(w * x);
        return w * (1 - t * t);
    }

    private static double squareOf(double w, double x) {
        return slopeOf(w, x) * slopeOf(w, x);
    }

    /** (1 - t²) - 2·w·x·t·(1 - t²). */
    private static double slopeByWeight(double w, double x) {
        double t = Math.tanh(w * x);
        return (1 - t * t) * (1 - 2 * w * x * t);
    }

    private Tensor rosenbrock(Tensor point) {
        Tensor x = point.slice(0, 0, 1);
        Tensor y = point.slice(0, 1, 2);
        return x.negate()
                .add(1)
                .square()
                .add(y.subtract(x.square()).square().multiply(100))
                .sum();
    }

    private Tensor vector(String name, double... values) {
        return tape.input(name, new Literal(TensorType.of(DType.F64, values.length), values));
    }
}
