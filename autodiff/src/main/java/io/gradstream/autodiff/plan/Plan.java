package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tape prepared for replay on a device: dead and repeated steps are gone, every value has a fixed place, and a run is a flat
 * list of calls that allocates nothing.
 *
 * <p>Inputs and parameters live where they are bound, or in the plan's own arena, and keep their content from run to run
 * unless the tape overwrites it. Outputs stay readable until the next run.
 */
public final class Plan implements AutoCloseable {

    private final Tape tape;
    private final Device device;
    private final List<Tensor> outputs;
    private final Map<Storage, Buffer> bound = new HashMap<>();
    private final CommonValues common = new CommonValues();
    private final Layout layout;
    private final Memory memory;
    private final List<Step> steps;
    private final List<Call> calls;
    private final Program program;
    private @Nullable Stopwatch stopwatch;

    private Plan(Tape tape, Device device, List<Tensor> outputs, Map<String, Buffer> bindings) {
        this.tape = tape;
        this.device = device;
        this.outputs = List.copyOf(outputs);
        bindings.forEach(this::bind);
        steps = steps();
        List<Tensor> leaves =
                tape.nodes().stream().filter(node -> node.op() instanceof Leaf).toList();
        layout = new Layout(device, common::home);
        layout.place(leaves, bound, steps, outputs);
        memory = device.allocate(layout.arena().bytes());
        try {
            leaves.forEach(this::writeContent);
            calls = steps.stream().map(this::call).toList();
            program = device.compile(calls);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** Prepares what the outputs and the tape's in-place operations need, with some leaves bound by name to given buffers. */
    public static Plan compile(Tape tape, Device device, List<Tensor> outputs, Map<String, Buffer> bindings) {
        return new Plan(tape, device, outputs, bindings);
    }

    /** Prepares a tape with all leaves in the plan's own memory. */
    public static Plan compile(Tape tape, Device device, Tensor... outputs) {
        return new Plan(tape, device, List.of(outputs), Map.of());
    }

    public void run() {
        if (stopwatch == null) {
            program.run();
        } else {
            stopwatch.run(program);
        }
    }

    /** This plan and another behind it as one program; both plans must outlive it. */
    public Program followedBy(Plan next) {
        return device.compile(Stream.concat(calls.stream(), next.calls.stream()).toList());
    }

    /** Times every call of the runs that happen within some work, each by its shortest time; there must be a run. */
    public List<KernelTime> profile(Runnable work) {
        Stopwatch watch = new Stopwatch(calls());
        stopwatch = watch;
        try {
            work.run();
        } finally {
            stopwatch = null;
        }
        return IntStream.range(0, calls())
                .mapToObj(i -> time(steps.get(i), watch.nanos(i)))
                .toList();
    }

    public Tape tape() {
        return tape;
    }

    public Device device() {
        return device;
    }

    public List<Tensor> outputs() {
        return outputs;
    }

    /** Where an output or a leaf lives. */
    public Buffer buffer(Tensor value) {
        if (!(value.op() instanceof Leaf)
                && outputs.stream().noneMatch(output -> output.storage() == value.storage())) {
            throw new IllegalArgumentException("only outputs and leaves keep their place: node=" + value.describe());
        }
        return place(value);
    }

    /** Where the input or parameter of a name lives. */
    public Buffer input(String name) {
        return place(tape.leaf(name));
    }

    /** Gives the input or parameter of a name other numbers; for values at the edge, not on the way. */
    public void write(String name, double... values) {
        Transfer.write(device, input(name), values);
    }

    /** The numbers of an output or a leaf; for values at the edge, not on the way. */
    public double[] values(Tensor value) {
        return Transfer.read(device, buffer(value));
    }

    /** How many bytes the plan's own arena has. */
    public long arenaBytes() {
        return layout.arena().bytes();
    }

    /** How many bytes the kernels work with besides their operands, in native memory. */
    public long workspaceBytes() {
        return program.workspaceBytes();
    }

    /** How many kernels a run calls. */
    public int calls() {
        return steps.size();
    }

    /** The calls in order, with places and source lines, and the size of the arena. */
    public String describe() {
        return steps.stream().map(this::describe).collect(Collectors.joining("\n", "", "\n")) + "arena=" + arenaBytes()
                + " without reuse=" + layout.arena().requestedBytes() + " calls=" + calls();
    }

    @Override
    public void close() {
        program.close();
        memory.close();
    }

    private void bind(String name, Buffer buffer) {
        Tensor leaf = tape.leaf(name);
        if (!buffer.type().equals(leaf.type())) {
            throw new IllegalArgumentException(
                    "a binding must have its leaf's type: leaf=" + leaf.describe() + " buffer=" + buffer.type());
        }
        bound.put(leaf.storage(), buffer);
    }

    /** The passes over the tape, in order. */
    private List<Step> steps() {
        List<Step> recorded = new ArrayList<>();
        for (Tensor node : tape.nodes()) {
            if (node.op() instanceof Kernel kernel) {
                recorded.add(new Step(kernel, node.inputs(), node));
            }
        }
        List<Step> live = DeadCode.eliminate(BroadcastElision.apply(recorded), outputs);
        return Fusion.apply(device, common::home, common.merge(live), outputs);
    }

    private void writeContent(Tensor leaf) {
        if (bound.containsKey(leaf.storage())) {
            return;
        }
        if (leaf.op() instanceof Constant constant) {
            Transfer.fill(device, place(leaf), constant.value());
        } else if (leaf.content() != null) {
            Transfer.write(device, place(leaf), leaf.content().values());
        }
    }

    private Call call(Step step) {
        return new Call(
                step.kernel(),
                step.inputs().stream().map(this::place).toList(),
                place(step.output()).as(step.result()));
    }

    private static KernelTime time(Step step, long nanos) {
        return new KernelTime(
                step.kernel(),
                step.inputs().stream().map(Tensor::type).toList(),
                step.output().type(),
                nanos);
    }

    private Buffer place(Tensor value) {
        Buffer given = bound.get(value.storage());
        return given != null
                ? given.as(value.type())
                : new Buffer(memory, layout.offset(value.storage()), value.type());
    }

    private String describe(Step step) {
        String inputs = step.inputs().stream().map(this::where).collect(Collectors.joining(", "));
        Tensor output = step.output();
        return "%-8s = %s(%s) %s  %s".formatted(where(output), step.kernel(), inputs, output.type(), output.site());
    }

    private String where(Tensor value) {
        return bound.containsKey(value.storage()) ? value.op().name() : "@" + layout.offset(value.storage());
    }
}
