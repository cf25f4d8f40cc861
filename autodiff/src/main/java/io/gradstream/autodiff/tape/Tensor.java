package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.StopGradient;
import io.gradstream.autodiff.op.Value;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One node of a tape, and the handle by which further operations are asked for. */
public final class Tensor
        implements Activations,
                Arithmetic,
                Comparisons,
                Losses,
                Lookups,
                Movements,
                Products,
                Randomness,
                Reductions,
                Rows {

    private final Tape tape;
    private final int id;
    private final Op op;
    private final List<Tensor> inputs;
    private final TensorType type;
    private final Storage storage;
    private final Site site;
    private final boolean tracked;
    private final boolean again;
    private final @Nullable Literal content;
    private int version;

    Tensor(
            Tape tape,
            int id,
            Op op,
            List<Tensor> inputs,
            TensorType type,
            Storage storage,
            Site site,
            boolean tracked,
            boolean again,
            @Nullable Literal content) {
        this.tape = tape;
        this.id = id;
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.type = type;
        this.storage = storage;
        this.site = site;
        this.tracked = tracked;
        this.again = again;
        this.content = content;
        this.version = storage.version();
    }

    @Override
    public Tape tape() {
        return tape;
    }

    /** The number of this node on its tape: a node's operands have smaller ones. */
    public int id() {
        return id;
    }

    public Op op() {
        return op;
    }

    public List<Tensor> inputs() {
        return inputs;
    }

    @Override
    public TensorType type() {
        return type;
    }

    public Storage storage() {
        return storage;
    }

    /** The source line that asked for this node. */
    public Site site() {
        return site;
    }

    /** Whether derivatives may flow through this node. */
    public boolean isTracked() {
        return tracked;
    }

    /** Whether this computes a second time what the tape has already, on purpose. */
    public boolean isRecomputed() {
        return again;
    }

    /** The initial numbers of a leaf. */
    public @Nullable Literal content() {
        return content;
    }

    @Override
    public OptionalDouble constant() {
        return op instanceof Constant constant ? OptionalDouble.of(constant.value()) : OptionalDouble.empty();
    }

    /** Number, operation, type and source line. */
    public String describe() {
        return "%" + id + " " + op.name() + " " + type + " (" + site + ")";
    }

    @Override
    public String toString() {
        return describe();
    }

    /** The numbers of this value, on an eager tape. */
    public double[] values() {
        return tape.read(this);
    }

    /** The only number of this value, on an eager tape. */
    public double item() {
        double[] values = values();
        if (values.length != 1) {
            throw new IllegalStateException("only a value of one element is a number: node=" + describe());
        }
        return values[0];
    }

    public static Tensor concat(int axis, List<Tensor> parts) {
        return Movements.concat(axis, parts);
    }

    /** Arrays of one shape, one after the other along a new axis. */
    public static Tensor stack(int axis, List<Tensor> parts) {
        return Movements.stack(axis, parts);
    }

    /** The same value, through which no derivative flows. */
    public Tensor stopGradient() {
        return apply(new StopGradient());
    }

    /** Adds into this value's memory and returns its new version. */
    public Tensor accumulate(Tensor source) {
        return apply(new Accumulate(), source);
    }

    /** Overwrites every element and returns the new version. */
    public Tensor fill(double value) {
        return apply(new Fill(value));
    }

    @Override
    public Tensor apply(Op operation, Value... others) {
        Value[] operands = new Value[others.length + 1];
        operands[0] = this;
        System.arraycopy(others, 0, operands, 1, others.length);
        return tape.emit(operation, operands);
    }

    void requireCurrent(Op reader, Site readerSite) {
        Tensor overwriter = storage.overwriter();
        if (version != storage.version() && overwriter != null) {
            throw new OverwrittenException(this, overwriter, reader, readerSite);
        }
    }

    void requireWritable(Op by) {
        if (op instanceof Constant) {
            throw new IllegalArgumentException("a constant must not be overwritten: op=" + by.name());
        }
    }

    void becomeCurrent() {
        version = storage.version();
    }
}
