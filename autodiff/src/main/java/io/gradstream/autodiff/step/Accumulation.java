package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.diagnose.Anomaly;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.TallyLoss;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.MixedPrecision;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plan of one micro-batch: forward, backward, gradients added to their block, losses counted in the control block. */
final class Accumulation implements AutoCloseable {
    private static final String GRADIENT = "gradient.";

    private final Device device;
    private final Plan plan;
    private final @Nullable Buffer dense;
    private final Buffer label;
    private final Buffer weight;
    private final Buffer[] ids;
    private final Buffer[] bagIds;
    private final Buffer[] bagOffsets;
    private final int[] bagCapacities;
    private final Buffer predictions;
    private final Buffer losses;

    /** Parameters, gradients and the control block are bound by the names of this plan's leaves, see {@link #bindings}. */
    Accumulation(StepSpec spec, Model model, Device device, Map<String, Buffer> bindings, int[] bagCapacities) {
        this.device = device;
        this.bagCapacities = bagCapacities.clone();
        Recorded recorded =
                switch (spec.updates()) {
                    case STEP -> record(spec, model, bagCapacities);
                    case ROW -> RowLearning.record(spec, model, bagCapacities);
                };
        plan = Plan.compile(
                recorded.tape(), device, List.of(recorded.predictions(), recorded.losses()), bindings);
        dense = model.spec().numerics().isEmpty() ? null : plan.input(ModelInputs.DENSE);
        label = plan.input(Recorded.LABEL);
        weight = plan.input(ModelInputs.WEIGHT);
        ids = buffers(ModelInputs.IDS, model.spec().categoricals().size());
        bagIds = buffers(ModelInputs.BAG_IDS, bagCapacities.length);
        bagOffsets = buffers(ModelInputs.BAG_OFFSETS, bagCapacities.length);
        predictions = plan.buffer(recorded.predictions());
        losses = plan.buffer(recorded.losses());
    }

    private static Recorded record(StepSpec spec, Model model, int[] bagCapacities) {
        int rows = spec.microBatch();
        Tape forward = Tape.recording();
        ModelInputs inputs = ModelInputs.on(forward, spec.model(), rows, bagCapacities);
        Tensor control = forward.input(Recorded.CONTROL, Control.block());
        Parameters parameters = model.parameters(forward, spec.seed(), Mode.EVALUATION, () -> counter(control));
        Tensor labels =
                forward.input(Recorded.LABEL, new TensorType(Shape.of(rows), spec.loss().labels()));
        Tensor evaluated = model.record(inputs, parameters);
        Tensor rowPredictions = spec.loss().recordPredictions(evaluated);
        Tensor rowLosses = spec.loss().record(evaluated, labels);
        Tensor learned = model.dependsOnMode()
                ? spec.loss().record(model.record(inputs, parameters.in(Mode.TRAINING)), labels)
                : rowLosses;

        Tape tape = forward;
        if (spec.precision() != Precision.FP32) {
            MixedPrecision mixed =
                    MixedPrecision.of(forward, spec.precision() == Precision.BF16 ? DType.BF16 : DType.F16);
            tape = mixed.tape();
            rowLosses = mixed.image(rowLosses);
            rowPredictions = mixed.image(rowPredictions);
            learned = mixed.image(learned);
        }
        recordBackward(tape, spec, model, learned);

        return new Recorded(tape, rowPredictions, rowLosses);
    }

    /** The bindings of an accumulation: control block, parameters, and the gradients of those that are trained. */
    static Map<String, Buffer> bindings(ParameterStore store, Buffer control) {
        Map<String, Buffer> bindings = new HashMap<>(store.values());
        bindings.put(Recorded.CONTROL, control);
        for (int i = 0; i < store.trained().count(); i++) {
            bindings.put(
                    GRADIENT + store.trained().parameter(i).name(),
                    store.trained().view(store.gradients(), i));
        }
        return bindings;
    }

    /** Gives the batch the room that this plan was compiled for, or leaves it with more. */
    void makeRoom(MicroBatch batch) {
        for (int bag = 0; bag < bagCapacities.length; bag++) {
            batch.ensureBagCapacity(bag, bagCapacities[bag]);
        }
    }

    /** Whether the rows' bags fit. */
    boolean fits(MicroBatch batch) {
        for (int bag = 0; bag < bagCapacities.length; bag++) {
            if (batch.bagCapacity(bag) != bagCapacities[bag]) {
                return false;
            }
        }
        return true;
    }

    void run(MicroBatch batch, MemorySegment weights) {
        write(batch, weights);
        plan.run();
    }

    /** What first made a number that is not finite, were the micro-batch run now. */
    Optional<Anomaly> blame(MicroBatch batch, MemorySegment weights) {
        write(batch, weights);
        return Anomaly.find(plan);
    }

    private void write(MicroBatch batch, MemorySegment weights) {
        if (dense != null) {
            device.write(dense, batch.dense());
        }
        for (int i = 0; i < ids.length; i++) {
            device.write(ids[i], batch.ids(i));
        }
        for (int i = 0; i < bagIds.length; i++) {
            device.write(bagIds[i], batch.bagIds(i));
            device.write(bagOffsets[i], batch.bagOffsets(i));
        }
        device.write(label, batch.label());
        device.write(weight, weights);
    }

    void readPredictions(MemorySegment to) {
        device.read(predictions, to);
    }

    void readLosses(MemorySegment to) {
        device.read(losses, to);
    }

    /** The time of every kernel in the micro-batches that some work runs. */
    List<KernelTime> profile(Runnable work) {
        return plan.profile(work);
    }

    String describe() {
        return plan.describe();
    }

    @Override
    public void close() {
        plan.close();
    }

    /** What random numbers are drawn by: another one for every micro-batch, the same after a restart. */
    private static Tensor counter(Tensor control) {
        int slot = Control.MICRO_BATCHES.slot();
        return control.slice(0, slot, slot + 1);
    }

    private static void recordBackward(Tape tape, StepSpec spec, Model model, Tensor losses) {
        Tensor weights = tape.leaf(ModelInputs.WEIGHT);
        Tensor control = tape.leaf(Recorded.CONTROL);
        Tensor objective = losses.multiply(weights).sum().multiply(1 / spec.divisor());
        if (spec.precision() == Precision.FP16) {
            int slot = Control.LOSS_SCALE.slot();
            objective = objective.multiply(
                    control.slice(0, slot, slot + 1).cast(DType.F32).reshape());
        }
        List<String> names = model.parameters().stream()
                .filter(parameter -> parameter.kind() == ParameterSpec.Kind.TRAINED)
                .map(ParameterSpec::name)
                .toList();
        List<Tensor> parameters = names.stream().map(tape::leaf).toList();
        List<Tensor> gradients = Gradient.of(tape, objective, parameters);
        for (int i = 0; i < gradients.size(); i++) {
            tape.input(GRADIENT + names.get(i), parameters.get(i).type()).accumulate(gradients.get(i));
        }
        control.apply(new TallyLoss(), losses, weights);
    }

    private Buffer[] buffers(String prefix, int count) {
        Buffer[] buffers = new Buffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = plan.input(prefix + i);
        }
        return buffers;
    }
}
