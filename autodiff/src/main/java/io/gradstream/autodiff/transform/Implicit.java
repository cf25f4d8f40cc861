package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Solutions that know how they depend on their parameters, however they were found: by the implicit function theorem, derivatives
 * need the equation that the solution solves and not the steps of its solver, which are not even recorded.
 *
 * <p>Each derivative solves one linear system with products of Jacobians: of a fixed point by a Neumann series, which converges where
 * the map contracts; of a minimum by conjugate gradients, exactly after as many iterations as the solution has elements.
 */
public final class Implicit {

    private Implicit() {}

    /** A solution z of z = map(z, parameters). */
    public static Tensor fixedPoint(
            Tensor solution, List<Tensor> parameters, BiFunction<Tensor, List<Tensor>, Tensor> map, int iterations) {
        return solution(solution, parameters, "fixed point", new FixedPoint(map, iterations));
    }

    /** A solution z that makes the scalar objective(z, parameters) smallest, with a positive definite Hessian there. */
    public static Tensor minimum(
            Tensor solution,
            List<Tensor> parameters,
            BiFunction<Tensor, List<Tensor>, Tensor> objective,
            int iterations) {
        return solution(solution, parameters, "minimum", new Minimum(objective, iterations));
    }

    private static Tensor solution(Tensor value, List<Tensor> parameters, String label, Differentiable rule) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "a solution needs parameters to depend on: solution=" + value.describe());
        }
        Tensor[] others = new Tensor[parameters.size()];
        for (int i = 1; i < others.length; i++) {
            others[i - 1] = parameters.get(i);
        }
        others[others.length - 1] = value;
        return parameters.get(0).apply(CustomRule.of(label, rule), others);
    }

    /** z = f(z, θ): with J = ∂f/∂z, dz/dθ = (1 - J)⁻¹·∂f/∂θ, and (1 - J)⁻¹ = 1 + J + J² + … */
    private record FixedPoint(BiFunction<Tensor, List<Tensor>, Tensor> map, int iterations) implements Differentiable {

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            Equation equation = Equation.of(at, map);
            Tensor adjoint = (Tensor) cotangent;
            for (int i = 0; i < iterations; i++) {
                adjoint = (Tensor) e.add(cotangent, equation.pullToSolution(adjoint));
            }
            return equation.pullToParameters(adjoint);
        }

        @Override
        public Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            Equation equation = Equation.of(at, map);
            Tensor direct = equation.pushFromParameters(tangents);
            Tensor tangent = direct;
            for (int i = 0; i < iterations; i++) {
                tangent = direct.add(equation.pushFromSolution(tangent));
            }
            return tangent;
        }
    }

    /** ∂g/∂z = 0: with the Hessian H = ∂²g/∂z², dz/dθ = -H⁻¹·∂²g/∂z∂θ. */
    private record Minimum(BiFunction<Tensor, List<Tensor>, Tensor> objective, int iterations)
            implements Differentiable {

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            Equation slope = slope(at);
            Tensor adjoint = ConjugateGradients.solve(slope::pullToSolution, (Tensor) cotangent, iterations);
            return slope.pullToParameters(adjoint.negate());
        }

        @Override
        public Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            Equation slope = slope(at);
            Tensor direct = slope.pushFromParameters(tangents).negate();
            return ConjugateGradients.solve(slope::pushFromSolution, direct, iterations);
        }

        private Equation slope(Application at) {
            return Equation.of(at, (solution, parameters) -> {
                Tensor value = objective.apply(solution, parameters);
                Tensor one = value.tape().constant(1, value.dtype());
                List<Tensor> variables = new ArrayList<>(parameters);
                variables.add(0, solution);
                return Gradient.partial(value.tape(), value, one, variables).get(0);
            });
        }
    }

    /** A function of solution and parameters at the solution, both taken as independent variables. */
    private record Equation(Tape tape, Tensor output, Tensor solution, List<Tensor> parameters) {

        static Equation of(Application at, BiFunction<Tensor, List<Tensor>, Tensor> function) {
            Tensor solution = (Tensor) at.output();
            List<Tensor> parameters =
                    at.inputs().stream().map(Tensor.class::cast).toList();
            return new Equation(solution.tape(), function.apply(solution, parameters), solution, parameters);
        }

        Tensor pullToSolution(Tensor cotangent) {
            return Gradient.partial(tape, output, cotangent, List.of(solution)).get(0);
        }

        List<@Nullable Value> pullToParameters(Tensor cotangent) {
            List<Tensor> pulled = Gradient.partial(tape, output, cotangent, variables());
            return new ArrayList<>(pulled.subList(1, pulled.size()));
        }

        Tensor pushFromSolution(Tensor tangent) {
            return Jvp.of(tape, output, List.of(solution), List.of(tangent));
        }

        Tensor pushFromParameters(List<@Nullable Value> tangents) {
            List<Tensor> moved = new ArrayList<>();
            moved.add((Tensor) tape.zeros(solution));
            for (int i = 0; i < parameters.size(); i++) {
                Value tangent = tangents.get(i);
                moved.add((Tensor) (tangent == null ? tape.zeros(parameters.get(i)) : tangent));
            }
            return Jvp.of(tape, output, variables(), moved);
        }

        private List<Tensor> variables() {
            List<Tensor> variables = new ArrayList<>(parameters);
            variables.add(0, solution);
            return variables;
        }
    }
}
