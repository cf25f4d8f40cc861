package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Reading;
import io.gradstream.autodiff.diagnose.Anomaly;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.Parameter;
import io.gradstream.autodiff.op.TallyLoss;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Checkpoint;
import io.gradstream.autodiff.transform.Gradient;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The plan of one micro-batch: forward, backward, gradients added to their block, losses counted in the control block. */
final class Accumulation implements AutoCloseable {
    private final Device device;
    private final Plan plan;
    private final @Nullable Buffer dense;
    private final Buffer label;
    private final Buffer weight;
    private final Buffer[] ids;
    private final Buffer[] bagIds;
    private final Buffer[] bagOffsets;
    private final Buffer[] sequenceIds;
    private final Buffer[] sequenceLengths;
    private final int[] bagCapacities;
    private final Buffer predictions;
    private final Reading figures;
    private final List<Lookup> lookups;
    private final Reading changedRows;
    private final int[] touches;

    /** Where the rows of a table are that a micro-batch changes: their numbers, and what it found. */
    record Lookup(String table, Buffer numbers, Buffer rows) {
        Stream<Buffer> parts() {
            return Stream.of(numbers, rows);
        }
    }

    private Accumulation(
            ModelSpec model,
            Recorded recorded,
            Device device,
            Map<String, Buffer> bindings,
            List<Integer> bagCapacities,
            int[] touches,
            int ahead) {
        this.device = device;
        this.touches = touches;
        this.bagCapacities = bagCapacities.stream().mapToInt(Integer::intValue).toArray();
        List<Tensor> outputs = new ArrayList<>(List.of(recorded.predictions(), recorded.losses()));
        outputs.addAll(recorded.lookups());
        plan = Plan.compile(recorded.tape(), device, outputs, bindings);
        dense = model.numerics().isEmpty() ? null : plan.input(ModelInputs.DENSE);
        label = plan.input(Recorded.LABEL);
        weight = plan.input(ModelInputs.WEIGHT);
        ids = buffers(ModelInputs.IDS, model.categoricals().size());
        bagIds = buffers(ModelInputs.BAG_IDS, bagCapacities.size());
        bagOffsets = buffers(ModelInputs.BAG_OFFSETS, bagCapacities.size());
        sequenceIds = buffers(ModelInputs.SEQUENCE_IDS, model.sequences().size());
        sequenceLengths = buffers(ModelInputs.SEQUENCE_LENGTHS, sequenceIds.length);
        predictions = plan.buffer(recorded.predictions());
        figures = device.reading(List.of(predictions, plan.buffer(recorded.losses())), ahead);
        lookups = recorded.lookups().stream().map(this::lookup).toList();
        changedRows = device.reading(lookups.stream().flatMap(Lookup::parts).toList(), ahead);
    }

    private Lookup lookup(Tensor rows) {
        Parameter table = (Parameter) rows.inputs().get(0).op();
        return new Lookup(table.label(), plan.buffer(rows.inputs().get(1)), plan.buffer(rows));
    }

    /**
     * One whose rows learn together, at the end of a step.
     *
     * @param ahead how many runs there may be before what came of the first is read
     */
    static Accumulation ofStep(
            StepSpec spec, Forward forward, Device device, ParameterStore store, Buffer control, int ahead) {
        Map<String, Buffer> bindings = new HashMap<>(store.values());
        bindings.put(Recorded.CONTROL, control);
        bindings.putAll(recordBackward(spec, forward, store));
        int[] touches = store.rowGradients().stream()
                .mapToInt(table -> forward.lookups().count(table.name()))
                .toArray();
        Recorded recorded = new Recorded(forward.tape(), forward.predictions(), forward.losses());
        return new Accumulation(spec.model(), recorded, device, bindings, forward.bagCapacities(), touches, ahead);
    }

    /** One from which nothing is learned: something else than predictions is read from a forward pass. */
    static Accumulation ofFigures(
            StepSpec spec, Forward forward, Tensor figures, Device device, ParameterStore store, Buffer control) {
        Map<String, Buffer> bindings = new HashMap<>(store.values());
        bindings.put(Recorded.CONTROL, control);
        Recorded recorded = new Recorded(forward.tape(), figures, forward.losses());
        return new Accumulation(spec.model(), recorded, device, bindings, forward.bagCapacities(), new int[0], 1);
    }

    /** One whose rows learn one after the other. */
    static Accumulation ofRows(
            StepSpec spec,
            Model model,
            Device device,
            Map<String, Buffer> bindings,
            List<Integer> bagCapacities,
            int ahead) {
        Recorded recorded = RowLearning.record(
                spec, model, bagCapacities.stream().mapToInt(Integer::intValue).toArray());
        return new Accumulation(spec.model(), recorded, device, bindings, bagCapacities, new int[0], ahead);
    }

    /** Where an input of the micro-batch is. */
    Buffer input(String name) {
        return plan.input(name);
    }

    int[] bagCapacities() {
        return bagCapacities.clone();
    }

    /** For each table the most rows that a micro-batch can touch. */
    int[] touches() {
        return touches;
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

    /** This and the end of a step behind it as one program; it reads what {@link #write} has written. */
    Program followedBy(StepPlan end) {
        return end.behind(plan);
    }

    /** What first made a number that is not finite, were the micro-batch run now. */
    Optional<Anomaly> blame(MicroBatch batch, MemorySegment weights) {
        write(batch, weights);
        return Anomaly.find(plan);
    }

    /** Has the plan's inputs hold the rows of a micro-batch. In the order in which they lie there, so that a device may copy them at once. */
    void write(MicroBatch batch, MemorySegment weights) {
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
        for (int i = 0; i < sequenceIds.length; i++) {
            device.write(sequenceIds[i], batch.sequenceIds(i));
            device.write(sequenceLengths[i], batch.sequenceLengths(i));
        }
        device.write(weight, weights);
        device.write(label, batch.label());
    }

    /** Where the predictions of the last run are. */
    Buffer predictions() {
        return predictions;
    }

    /** What copies predictions and losses of a run to the host. */
    Reading figures() {
        return figures;
    }

    /** The tables that a micro-batch changes at once. */
    List<Lookup> lookups() {
        return lookups;
    }

    /** What copies what a run found in them to the host, in the order of their {@link Lookup#parts}. */
    Reading changedRows() {
        return changedRows;
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
        changedRows.close();
        figures.close();
        plan.close();
    }

    /** Records the gradients of the weighted losses, scaled, and what they are added to; returns where that is. */
    private static Map<String, Buffer> recordBackward(StepSpec spec, Forward forward, ParameterStore store) {
        Tape tape = forward.tape();
        Tensor weights = tape.leaf(ModelInputs.WEIGHT);
        Tensor control = tape.leaf(Recorded.CONTROL);
        Tensor objective = forward.learned().multiply(weights).sum().multiply(1 / spec.divisor());
        if (spec.precision() == Precision.FP16) {
            int slot = Control.LOSS_SCALE.slot();
            objective = objective.multiply(
                    control.slice(0, slot, slot + 1).cast(DType.F32).reshape());
        }
        GradientSinks sinks = new GradientSinks(tape, forward.lookups(), store);
        Checkpoint checkpoint = spec.checkpointEvery() == 0
                ? Checkpoint.everything()
                : Checkpoint.every(spec.checkpointEvery(), forward.layers());
        sinks.add(Gradient.of(tape, objective, sinks.sources(), checkpoint));
        control.apply(new TallyLoss(), forward.learned(), weights);
        return sinks.bindings();
    }

    private Buffer[] buffers(String prefix, int count) {
        Buffer[] buffers = new Buffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = plan.input(prefix + i);
        }
        return buffers;
    }
}
