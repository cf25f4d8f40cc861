package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Abs;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.Axes;
import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.Clamp;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.LeakyRelu;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Log;
import io.gradstream.autodiff.op.Log1p;
import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Maximum;
import io.gradstream.autodiff.op.Minimum;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Round;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.Softplus;
import io.gradstream.autodiff.op.Sqrt;
import io.gradstream.autodiff.op.StopGradient;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Transpose;
import io.gradstream.autodiff.op.Value;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One node of a tape, and the handle by which further operations are asked for. */
public final class Tensor implements Value {

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

    public Tensor add(Tensor other) {
        return (Tensor) tape.add(this, other);
    }

    public Tensor add(double other) {
        return (Tensor) tape.add(this, other);
    }

    public Tensor subtract(Tensor other) {
        return (Tensor) tape.subtract(this, other);
    }

    public Tensor subtract(double other) {
        return add(-other);
    }

    public Tensor multiply(Tensor other) {
        return (Tensor) tape.multiply(this, other);
    }

    public Tensor multiply(double other) {
        return (Tensor) tape.multiply(this, other);
    }

    public Tensor divide(Tensor other) {
        return (Tensor) tape.divide(this, other);
    }

    public Tensor divide(double other) {
        return divide(tape.constant(other, dtype()));
    }

    public Tensor negate() {
        return (Tensor) tape.negate(this);
    }

    public Tensor exp() {
        return (Tensor) tape.exp(this);
    }

    public Tensor log() {
        return apply(new Log());
    }

    public Tensor log1p() {
        return apply(new Log1p());
    }

    public Tensor sqrt() {
        return apply(new Sqrt());
    }

    public Tensor square() {
        return (Tensor) tape.square(this);
    }

    public Tensor power(double exponent) {
        return (Tensor) tape.power(this, exponent);
    }

    public Tensor abs() {
        return apply(new Abs());
    }

    public Tensor sign() {
        return (Tensor) tape.sign(this);
    }

    /** The nearest whole number, ties to even. */
    public Tensor round() {
        return apply(new Round());
    }

    public Tensor erf() {
        return (Tensor) tape.erf(this);
    }

    public Tensor maximum(Tensor other) {
        return apply(new Maximum(), other);
    }

    public Tensor minimum(Tensor other) {
        return apply(new Minimum(), other);
    }

    public Tensor clamp(double low, double high) {
        return apply(new Clamp(low, high));
    }

    /** 1 where this is greater, else 0. */
    public Tensor greater(Tensor other) {
        return (Tensor) tape.greater(this, other);
    }

    /** 1 where this is greater or equal, else 0. */
    public Tensor greaterOrEqual(Tensor other) {
        return (Tensor) tape.greaterOrEqual(this, other);
    }

    /** 1 where both are equal, else 0. */
    public Tensor equal(Tensor other) {
        return (Tensor) tape.equal(this, other);
    }

    /** One value where this one is not zero, another elsewhere. */
    public Tensor choose(Tensor whereTrue, Tensor whereFalse) {
        return (Tensor) tape.where(this, whereTrue, whereFalse);
    }

    public Tensor relu() {
        return apply(new Relu());
    }

    public Tensor leakyRelu(double leak) {
        return apply(new LeakyRelu(leak));
    }

    public Tensor sigmoid() {
        return (Tensor) tape.sigmoid(this);
    }

    public Tensor tanh() {
        return apply(new Tanh());
    }

    public Tensor gelu() {
        return apply(new Gelu());
    }

    public Tensor silu() {
        return apply(new Silu());
    }

    public Tensor softplus() {
        return apply(new Softplus());
    }

    public Tensor elu(double scale) {
        return apply(new Elu(scale));
    }

    /** The sum over some axes, which disappear; none given means all. */
    public Tensor sum(int... axes) {
        return drop((Tensor) tape.sumKeeping(this, axes), axes);
    }

    /** The sum over some axes, which stay with extent 1; none given means all. */
    public Tensor sumKeeping(int... axes) {
        return (Tensor) tape.sumKeeping(this, axes);
    }

    /** The mean over some axes, which disappear; none given means all. */
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.multiply((double) sum.shape().size() / shape().size());
    }

    /** The largest element over some axes, which disappear; none given means all. */
    public Tensor max(int... axes) {
        return drop(apply(new Max(Axes.of(shape(), axes))), axes);
    }

    public Tensor softmax() {
        return (Tensor) tape.softmax(this);
    }

    public Tensor logSoftmax() {
        return apply(new LogSoftmax());
    }

    public Tensor matmul(Tensor other) {
        return matmul(false, other, false);
    }

    public Tensor matmul(boolean transposeThis, Tensor other, boolean transposeOther) {
        return (Tensor) tape.matmul(this, transposeThis, other, transposeOther);
    }

    /** this·weightᵀ + bias. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return apply(new Linear(), weight, bias);
    }

    /** Element-by-element loss of these logits against targets in [0, 1]. */
    public Tensor sigmoidCrossEntropy(Tensor targets) {
        return apply(new SigmoidCrossEntropy(), targets);
    }

    /** Row-by-row loss of these logits against class numbers. */
    public Tensor softmaxCrossEntropy(Tensor classes) {
        return apply(new SoftmaxCrossEntropy(), classes);
    }

    /** The rows of this table that ids name. */
    public Tensor embedding(Tensor ids) {
        return apply(new Embedding(), ids);
    }

    /** The rows of this table that ids name, bag by bag. */
    public Tensor embeddingBag(Tensor ids, Tensor offsets, Combine combine) {
        return embedding(ids).apply(new BagCombine(combine), offsets);
    }

    public Tensor reshape(int... dims) {
        return (Tensor) tape.reshape(this, dims);
    }

    public Tensor broadcast(Shape shape) {
        return (Tensor) tape.broadcast(this, shape);
    }

    /** Axes in another order. */
    public Tensor transpose(int... order) {
        return apply(new Transpose(order));
    }

    public Tensor slice(int axis, int from, int to) {
        return apply(new Slice(shape().axis(axis), from, to));
    }

    public Tensor pad(int axis, int before, int after) {
        return apply(new Pad(shape().axis(axis), before, after));
    }

    public static Tensor concat(int axis, List<Tensor> parts) {
        Tensor first = parts.get(0);
        return first.tape.emit(new Concat(first.shape().axis(axis)), parts.toArray(Value[]::new));
    }

    public Tensor cast(DType dtype) {
        return (Tensor) tape.cast(this, dtype);
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

    /** Any operation with this as its first operand. */
    public Tensor apply(Op operation, Value... others) {
        Value[] operands = new Value[others.length + 1];
        operands[0] = this;
        System.arraycopy(others, 0, operands, 1, others.length);
        return tape.emit(operation, operands);
    }

    private Tensor drop(Tensor reduced, int[] axes) {
        return (Tensor) tape.reshape(reduced, Axes.of(shape(), axes).remove(shape()));
    }

    void requireCurrent() {
        Tensor overwriter = storage.overwriter();
        if (version != storage.version() && overwriter != null) {
            throw new OverwrittenException(this, overwriter);
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
