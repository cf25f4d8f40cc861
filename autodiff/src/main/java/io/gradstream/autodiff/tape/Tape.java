package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Input;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Parameter;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.op.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The program: every operation asked for, in order. A recording tape only remembers; an eager tape also runs each operation
 * on a device as it is recorded, so that Java control flow may depend on values. An eager tape owns the memory of its values.
 */
public final class Tape implements Emitter, AutoCloseable {

    private record ConstantKey(TensorType type, double value) {}

    private final List<Tensor> nodes = new ArrayList<>();
    private final Map<String, Tensor> leaves = new HashMap<>();
    private final Map<ConstantKey, Tensor> constants = new HashMap<>();
    private final @Nullable Eager eager;
    private final boolean remembering;
    private int appended;
    private @Nullable Site inherited;
    private boolean tracking = true;
    private boolean again;

    private Tape(@Nullable Eager eager, boolean remembering) {
        this.eager = eager;
        this.remembering = remembering;
    }

    /** A tape that remembers operations and runs none. */
    public static Tape recording() {
        return new Tape(null, true);
    }

    /** A tape that runs every operation on a device when it is recorded. */
    public static Tape eager(Device device) {
        return new Tape(new Eager(device), true);
    }

    /** An eager tape that remembers no node: for values alone, nothing can be differentiated. */
    public static Tape inference(Device device) {
        return new Tape(new Eager(device), false);
    }

    public boolean isEager() {
        return eager != null;
    }

    /** Every node in the order of recording; none of them on a tape for inference. */
    public List<Tensor> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    public int size() {
        return nodes.size();
    }

    /** How many nodes were ever recorded, also where none is remembered. */
    int appended() {
        return appended;
    }

    /** The input or parameter of a name. */
    public Tensor leaf(String name) {
        Tensor leaf = leaves.get(name);
        if (leaf == null) {
            throw new IllegalArgumentException("a leaf must be recorded under this name: name=" + name);
        }
        return leaf;
    }

    /** Data that is written before the tape runs; zeros until then. */
    public Tensor input(String name, TensorType type) {
        return leaf(name, new Input(name, type), null);
    }

    /** Data that holds these numbers until others are written. */
    public Tensor input(String name, Literal content) {
        return leaf(name, new Input(name, content.type()), content);
    }

    /** A value that training changes. */
    public Tensor parameter(String name, TensorType type) {
        return leaf(name, new Parameter(name, type), null);
    }

    /** A value that training changes, with its initial numbers. */
    public Tensor parameter(String name, Literal content) {
        return leaf(name, new Parameter(name, content.type()), content);
    }

    /** A leaf like one of another tape, under the same name. */
    public Tensor leaf(Leaf leaf, @Nullable Literal content) {
        return switch (leaf) {
            case Input input -> leaf(input.label(), input, content);
            case Parameter parameter -> leaf(parameter.label(), parameter, content);
            case Constant constant -> emit(constant);
        };
    }

    @Override
    public Tensor constant(double value, DType dtype) {
        return emit(new Constant(new TensorType(Shape.scalar(), dtype), value));
    }

    @Override
    public Tensor emit(Op op, Value... inputs) {
        if (op instanceof Constant constant) {
            return constants.computeIfAbsent(
                    new ConstantKey(constant.type(), constant.value()), key -> append(op, List.of(), null, site()));
        }
        Site site = site();
        return append(op, own(op, inputs, site), null, site);
    }

    /** Records what runs inside as constants to derivatives: none flows through any of it. */
    public <T> T untracked(Supplier<T> recording) {
        boolean before = tracking;
        tracking = false;
        try {
            return recording.get();
        } finally {
            tracking = before;
        }
    }

    /**
     * Records what runs inside as a second computation of values that the tape has already, which a plan must not take for the
     * first: then the first ones' memory is free in between.
     */
    public <T> T again(Supplier<T> recording) {
        boolean before = again;
        again = true;
        try {
            return recording.get();
        } finally {
            again = before;
        }
    }

    /** Records what runs inside under the source line of another node: derivatives belong to what they derive. */
    public <T> T onBehalfOf(Tensor origin, Supplier<T> recording) {
        Site before = inherited;
        inherited = origin.site();
        try {
            return recording.get();
        } finally {
            inherited = before;
        }
    }

    private Tensor leaf(String name, Op op, @Nullable Literal content) {
        if (leaves.containsKey(name)) {
            throw new IllegalArgumentException("leaves must have different names: name=" + name);
        }
        Tensor leaf = append(op, List.of(), content, site());
        leaves.put(name, leaf);
        return leaf;
    }

    private List<Tensor> own(Op op, Value[] inputs, Site site) {
        List<Tensor> own = new ArrayList<>(inputs.length);
        for (Value input : inputs) {
            if (!(input instanceof Tensor tensor) || tensor.tape() != this) {
                throw new IllegalArgumentException("operands must be of this tape: op=" + op.name());
            }
            tensor.requireCurrent(op, site);
            own.add(tensor);
        }
        return own;
    }

    private Site site() {
        return inherited == null ? Site.here() : inherited;
    }

    private Tensor append(Op op, List<Tensor> inputs, @Nullable Literal content, Site site) {
        TensorType type = op.type(types(inputs));
        Storage storage = switch (op) {
            case View view -> inputs.get(view.source(inputs)).storage();
            case InPlace ignored -> inputs.get(0).storage();
            default -> new Storage(appended);
        };
        Tensor node = new Tensor(this, appended, op, inputs, type, storage, site, tracking, again, content);
        if (op instanceof InPlace inPlace) {
            for (int index : inPlace.overwrites()) {
                inputs.get(index).requireWritable(op);
            }
            inPlace.overwrites().forEach(index -> inputs.get(index).storage().overwrite(node));
            node.becomeCurrent();
        }
        appended++;
        if (remembering) {
            nodes.add(node);
        }
        if (eager != null) {
            eager.run(node);
        }
        return node;
    }

    private static List<TensorType> types(List<Tensor> inputs) {
        List<TensorType> types = new ArrayList<>(inputs.size());
        for (Tensor input : inputs) {
            types.add(input.type());
        }
        return types;
    }

    double[] read(Tensor node) {
        if (eager == null) {
            throw new IllegalStateException("only an eager tape has numbers: node=" + node.describe());
        }
        return eager.read(node);
    }

    @Override
    public void close() {
        if (eager != null) {
            eager.close();
        }
    }
}
