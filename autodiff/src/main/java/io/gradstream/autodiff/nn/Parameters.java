package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a model on a tape. Who asks for one by name declares it, and who asks again for the same name shares it; the order of
 * first asking is the order in which a flat block holds them.
 *
 * <p>On an eager tape they have their first values at once.
 */
public final class Parameters {
    private record Declared(ParameterSpec spec, Tensor value) {}

    private final Tape tape;
    private final long seed;
    private final Mode mode;
    private final String prefix;
    private final Map<String, Declared> declared;
    private final Runnable onMode;

    private Parameters(
            Tape tape, long seed, Mode mode, String prefix, Map<String, Declared> declared, Runnable onMode) {
        this.tape = tape;
        this.seed = seed;
        this.mode = mode;
        this.prefix = prefix;
        this.declared = declared;
        this.onMode = onMode;
    }

    /** No parameters yet; the first values of those to come follow from the seed and their names. */
    public static Parameters on(Tape tape, long seed, Mode mode) {
        return new Parameters(tape, seed, mode, "", new LinkedHashMap<>(), () -> {});
    }

    /** The same parameters for a forward pass of another mode. */
    public Parameters in(Mode other) {
        return new Parameters(tape, seed, other, prefix, declared, onMode);
    }

    /** The parameters of a part, whose names begin with its name and a dot. */
    public Parameters in(String part) {
        return new Parameters(tape, seed, mode, name(part) + ".", declared, onMode);
    }

    /** The parameters of a part that is one of several. */
    public Parameters in(int part) {
        return in(Integer.toString(part));
    }

    Parameters onMode(Runnable listener) {
        return new Parameters(tape, seed, mode, prefix, declared, listener);
    }

    /** What the forward pass is recorded for. A model that never asks is recorded only once for both. */
    public Mode mode() {
        onMode.run();
        return mode;
    }

    /** A parameter that the optimizer trains. */
    public Tensor get(String name, Shape shape, Initializer initializer) {
        return declare(new ParameterSpec(name(name), shape, initializer, Kind.TRAINED));
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
        return declared.values().stream().map(Declared::spec).toList();
    }

    private String name(String last) {
        if (last.isBlank()) {
            throw new IllegalArgumentException("parameters must have names: in='" + prefix + "' name='" + last + "'");
        }
        return prefix + last;
    }

    private Tensor declare(ParameterSpec spec) {
        Declared before = declared.computeIfAbsent(spec.name(), _ -> new Declared(spec, leaf(spec)));
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
            spec.initialize(seed, floats);
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }
        }
        return values;
    }
}
