package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.MixedPrecision;
import java.util.List;

/**
 * The forward pass of a micro-batch on a tape, in the step's precision.
 *
 * @param predictions what is predicted, and {@code losses} what that costs, by a model that is not learning
 * @param learned the losses that are learned from
 * @param lookups the tables that these depend on
 * @param layers where the layers of the model that learns end
 */
record Forward(
        Tape tape,
        Tensor predictions,
        Tensor losses,
        Tensor learned,
        Lookups lookups,
        List<Tensor> layers,
        List<Integer> bagCapacities) {

    Forward {
        layers = List.copyOf(layers);
        bagCapacities = List.copyOf(bagCapacities);
    }

    /** Records it for bag columns with room for so many buckets. */
    static Forward of(StepSpec spec, Model model, List<Integer> bagCapacities) {
        Tape tape = Tape.recording();
        ModelInputs inputs = ModelInputs.on(
                tape,
                spec.model(),
                spec.microBatch(),
                bagCapacities.stream().mapToInt(Integer::intValue).toArray());
        Tensor control = tape.input(Recorded.CONTROL, Control.block());
        Parameters parameters = model.parameters(tape, spec.seed(), Mode.EVALUATION, () -> counter(control));
        Tensor labels = tape.input(
                Recorded.LABEL,
                new TensorType(Shape.of(spec.microBatch()), spec.loss().labels()));
        Tensor evaluated = model.record(inputs, parameters);
        Tensor predictions = spec.loss().recordPredictions(evaluated);
        Tensor losses = spec.loss().record(evaluated, labels);
        Tensor learned = model.dependsOnMode()
                ? spec.loss().record(model.record(inputs, parameters.in(Mode.TRAINING)), labels)
                : losses;
        int before = model.dependsOnMode() ? losses.id() : -1;
        List<Tensor> layers = parameters.layers().stream()
                .filter(layer -> layer.id() > before)
                .toList();
        if (spec.precision() != Precision.FP32) {
            MixedPrecision mixed = MixedPrecision.of(tape, spec.precision() == Precision.BF16 ? DType.BF16 : DType.F16);
            tape = mixed.tape();
            predictions = mixed.image(predictions);
            losses = mixed.image(losses);
            learned = mixed.image(learned);
            layers = layers.stream().map(mixed::image).toList();
        }
        return new Forward(tape, predictions, losses, learned, Lookups.of(learned), layers, bagCapacities);
    }

    /** What random numbers are drawn by: another one for every micro-batch, the same after a restart. */
    private static Tensor counter(Tensor control) {
        int slot = Control.MICRO_BATCHES.slot();
        return control.slice(0, slot, slot + 1);
    }
}
