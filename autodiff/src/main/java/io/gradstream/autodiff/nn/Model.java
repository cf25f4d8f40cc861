package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A model made from its spec: the parameters it has, found by recording it once, and the recording of its forward pass. */
public final class Model {
    /** Few, but more than one: a model may compare rows with each other. */
    private static final int SCRATCH_ROWS = 2;

    private static final TensorType COUNTER = TensorType.of(DType.F64, 1);

    private final ModelSpec spec;
    private final List<ParameterSpec> parameters;
    private final boolean dependsOnMode;

    public Model(ModelSpec spec) {
        this.spec = spec;
        Tape scratch = Tape.recording();
        int[] bags = new int[spec.bags().size()];
        Arrays.fill(bags, SCRATCH_ROWS);
        Parameters declared =
                parameters(scratch, 0, Mode.TRAINING, () -> scratch.input(ModelInputs.BATCH + "counter", COUNTER));
        forward(ModelInputs.on(scratch, spec, SCRATCH_ROWS, bags), declared);
        parameters = declared.specs();
        dependsOnMode = declared.dependsOnMode();
    }

    public ModelSpec spec() {
        return spec;
    }

    /** All parameters, in the order in which a flat block holds them. */
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    /** Whether what is predicted is computed in another way than what is learned from. */
    public boolean dependsOnMode() {
        return dependsOnMode;
    }

    /**
     * The parameters of this model on a tape, none of them asked for yet.
     *
     * @param counter F64 [1]: what random numbers are drawn by; asked for at most once, where something is random
     */
    public Parameters parameters(Tape tape, long seed, Mode mode, Supplier<Tensor> counter) {
        return Parameters.on(tape, seed, mode, counter, spec.lowRank());
    }

    /** Records the forward pass: F32 [rows, outputs] before any sigmoid or softmax. */
    public Tensor record(ModelInputs inputs, Parameters on) {
        Tensor outputs = forward(inputs, on);
        if (!on.specs().equals(parameters)) {
            throw new IllegalStateException("a model must ask for the same parameters whenever it is recorded: first="
                    + names(parameters) + " now=" + names(on.specs()));
        }
        return outputs;
    }

    private Tensor forward(ModelInputs inputs, Parameters on) {
        Tensor outputs = spec.architecture().forward(inputs, on);
        TensorType expected = TensorType.of(DType.F32, inputs.rows(), spec.outputs());
        if (!outputs.type().equals(expected)) {
            throw new IllegalArgumentException(
                    "a model must give its outputs for every row: expected=" + expected + " given=" + outputs.type());
        }
        return outputs;
    }

    private static List<String> names(List<ParameterSpec> specs) {
        return specs.stream().map(ParameterSpec::name).toList();
    }
}
