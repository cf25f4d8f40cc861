package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Philox;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model on a tape. Who asks for one by name declares it, and who asks again for the same name shares it; the order of
 * first asking is the order in which a flat block holds them.
 *
 * <p>On an eager tape they have their first values at once.
 */
public final class Parameters {
    private record Declared(ParameterSpec spec, Tensor value) {}

    /** What all parts of a model share on a tape. */
    private static final class Recording {
        private final Tape tape;
        private final long seed;
        private final Supplier<Tensor> counter;
        private final Optional<LowRank> lowRank;
        private final Map<String, Declared> declared = new LinkedHashMap<>();
        private final Map<String, Integer> draws = new HashMap<>();
        private final List<Tensor> layers = new ArrayList<>();
        private @Nullable Tensor count;
        private boolean dependsOnMode;

        Recording(Tape tape, long seed, Supplier<Tensor> counter, Optional<LowRank> lowRank) {
            this.tape = tape;
            this.seed = seed;
            this.counter = counter;
            this.lowRank = lowRank;
        }

        Tensor counter() {
            if (count == null) {
                count = counter.get();
            }
            return count;
        }
    }

    private final Recording recording;
    private final Mode mode;
    private final String prefix;

    private Parameters(Recording recording, Mode mode, String prefix) {
        this.recording = recording;
        this.mode = mode;
        this.prefix = prefix;
    }

    /** No parameters yet; the first values of those to come follow from the seed and their names. */
    public static Parameters on(Tape tape, long seed, Mode mode) {
        return on(tape, seed, mode, () -> tape.constant(0, DType.F64).reshape(1), Optional.empty());
    }

    /**
     * No parameters yet.
     *
     * @param counter F64 [1]: what random numbers are drawn by; asked for where something is random
     * @param lowRank adapters for the linear layers, if the model's own parameters are frozen
     */
    public static Parameters on(Tape tape, long seed, Mode mode, Supplier<Tensor> counter, Optional<LowRank> lowRank) {
        return new Parameters(new Recording(tape, seed, counter, lowRank), mode, "");
    }

    /** The same parameters for a forward pass of another mode. */
    public Parameters in(Mode other) {
        return new Parameters(recording, other, prefix);
    }

    /** The parameters of a part, whose names begin with its name and a dot. */
    public Parameters in(String part) {
        return new Parameters(recording, mode, name(part) + ".");
    }

    /** The parameters of a part that is one of several. */
    public Parameters in(int part) {
        return in(Integer.toString(part));
    }

    /** What the forward pass is recorded for. A model that never asks is recorded only once for both. */
    public Mode mode() {
        recording.dependsOnMode = true;
        return mode;
    }

    /** Whether anybody has asked for the mode. */
    boolean dependsOnMode() {
        return recording.dependsOnMode;
    }

    /** A parameter that the optimizer trains, or one that nobody changes where there are low-rank adapters. */
    public Tensor get(String name, Shape shape, Initializer initializer) {
        Kind kind = recording.lowRank.isPresent() ? Kind.FROZEN : Kind.TRAINED;
        return declare(new ParameterSpec(name(name), shape, initializer, kind));
    }

    /** A parameter that the optimizer trains also where the model's own are frozen. */
    Tensor adapter(String name, Shape shape, Initializer initializer) {
        return declare(new ParameterSpec(name(name), shape, initializer, Kind.TRAINED));
    }

    /** Elements dropped with the probability of the rate: every call at every micro-batch drops others. */
    Tensor dropout(Tensor x, double rate) {
        int call = recording.draws.merge(prefix, 1, Integer::sum);
        int stream = Philox.named(recording.seed, prefix + call).bits(0);
        return x.dropout(rate, new Draws(recording.seed, stream), recording.counter());
    }

    /** Says that a layer ends with this value, between which and the next one backward may keep nothing; returns it. */
    public Tensor layer(Tensor output) {
        recording.layers.add(output);
        return output;
    }

    /** The ends of the layers on the tape so far, in the order of recording. */
    public List<Tensor> layers() {
        return List.copyOf(recording.layers);
    }

    /** What linear layers are adapted by. */
    Optional<LowRank> lowRank() {
        return recording.lowRank;
    }

    /** A parameter that nobody changes. */
    public Tensor frozen(String name, Shape shape, Initializer initializer) {
        return declare(new ParameterSpec(name(name), shape, initializer, Kind.FROZEN));
    }

    /** A parameter that the forward pass itself writes in place. */
    public Tensor state(String name, Shape shape, Initializer initializer) {
        return declare(new ParameterSpec(name(name), shape, initializer, Kind.STATE));
    }

    /** Everything that was asked for, in the order of first asking. */
    public List<ParameterSpec> specs() {
        return recording.declared.values().stream().map(Declared::spec).toList();
    }

    private String name(String last) {
        if (last.isBlank()) {
            throw new IllegalArgumentException("parameters must have names: in='" + prefix + "' name='" + last + "'");
        }
        String name = prefix + last;
        if (name.startsWith(ModelInputs.BATCH)) {
            throw new IllegalArgumentException("names that begin with " + ModelInputs.BATCH
                    + " belong to the columns of a batch: call the parameter otherwise, name=" + name);
        }
        return name;
    }

    private Tensor declare(ParameterSpec spec) {
        Declared before = recording.declared.computeIfAbsent(spec.name(), _ -> new Declared(spec, leaf(spec)));
        if (!before.spec().shape().equals(spec.shape()) || before.spec().kind() != spec.kind()) {
            throw new IllegalArgumentException("parameters of one name must be alike: name=" + spec.name() + " first="
                    + describe(before.spec()) + " then=" + describe(spec));
        }
        return before.value();
    }

    private static String describe(ParameterSpec spec) {
        return spec.kind() + "[" + spec.shape() + "]";
    }

    private Tensor leaf(ParameterSpec spec) {
        Tape tape = recording.tape;
        TensorType type = new TensorType(spec.shape(), DType.F32);
        boolean trained = spec.kind() == Kind.TRAINED;
        if (tape.isEager()) {
            Literal values = new Literal(type, values(spec));
            return trained ? tape.parameter(spec.name(), values) : tape.input(spec.name(), values);
        }
        return trained ? tape.parameter(spec.name(), type) : tape.input(spec.name(), type);
    }

    private double[] values(ParameterSpec spec) {
        double[] values = new double[Math.toIntExact(spec.shape().size())];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(spec.shape().size() * Float.BYTES, Float.BYTES);
            spec.initialize(recording.seed, floats);
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }
        }
        return values;
    }
}
