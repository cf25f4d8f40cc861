package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.diagnose.Finding;
import io.gradstream.autodiff.diagnose.Lint;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Parameter;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a model and its loss show to be wrong before anything is learned. */
final class StepLint {

    private StepLint() {}

    static List<Finding> of(StepSpec spec, Model model, Function<String, double[]> values) {
        Tape tape = Tape.recording();
        int[] bagCapacities = new int[spec.model().bags().size()];
        Arrays.fill(bagCapacities, spec.microBatch());
        ModelInputs inputs = ModelInputs.on(tape, spec.model(), spec.microBatch(), bagCapacities);
        Parameters parameters = model.parameters(
                tape,
                spec.seed(),
                Mode.TRAINING,
                () -> tape.constant(0, DType.F64).reshape(1));
        Tensor outputs = model.record(inputs, parameters);
        Tensor labels = tape.input(
                Recorded.LABEL,
                new TensorType(Shape.of(spec.microBatch()), spec.loss().labels()));
        Tensor loss = spec.loss().record(outputs, labels).sum();
        List<Tensor> trained = model.parameters().stream()
                .filter(parameter -> parameter.kind() == ParameterSpec.Kind.TRAINED)
                .map(parameter -> tape.leaf(parameter.name()))
                .toList();
        return Lint.of(tape, loss, trained, parameter -> values(parameter.op(), values));
    }

    private static Optional<double[]> values(Op op, Function<String, double[]> values) {
        return op instanceof Parameter parameter ? Optional.of(values.apply(parameter.label())) : Optional.empty();
    }
}
