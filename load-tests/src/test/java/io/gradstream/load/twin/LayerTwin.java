package io.gradstream.load.twin;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.load.peer.PeerLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A layer of ours beside PyTorch's: the same first weights, the same rows, ten steps of SGD on the same weighted sum of its outputs. */
final class LayerTwin {
    private static final int STEPS = 10;
    /** A power of two, which is the same in every precision, and so small that the sum, which has no minimum, does not run away. */
    private static final double LEARNING_RATE = 1.0 / 1024;

    /** Records our layer. */
    interface Layer {
        Tensor forward(Tensor x, Parameters parameters);
    }

    private final SplittableRandom random = new SplittableRandom(11);
    private final Layer layer;
    private final PeerLayer peer;
    private final Map<String, String> names;
    private final Optional<LowRank> lowRank;
    private final int[] shape;

    /**
     * A pair that is to agree.
     *
     * @param names of parameters, ours to theirs
     */
    LayerTwin(Layer layer, PeerLayer peer, Map<String, String> names, int... shape) {
        this(layer, peer, names, Optional.empty(), shape);
    }

    /** A pair of which ours has adapters and a frozen base. */
    LayerTwin(Layer layer, PeerLayer peer, Map<String, String> names, Optional<LowRank> lowRank, int... shape) {
        this.lowRank = lowRank;
        this.layer = layer;
        this.peer = peer;
        this.names = names;
        this.shape = shape.clone();
    }

    /** Fails where a value, a gradient or a trained weight differs, or a value in evaluation mode behind the last step; gives what our layer keeps behind the last step. */
    Map<String, float[]> requireAgreement() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, shape));
        Parameters parameters = parameters(tape, Mode.TRAINING);
        Tensor y = layer.forward(x, parameters);
        Tensor cotangent = tape.input("cotangent", y.type());
        List<ParameterSpec> trained = parameters.specs().stream()
                .filter(spec -> spec.kind() == Kind.TRAINED)
                .toList();
        List<Tensor> leaves =
                trained.stream().map(spec -> tape.leaf(spec.name())).toList();
        List<Tensor> gradients = Gradient.of(tape, y.multiply(cotangent).sum(), leaves);
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).accumulate(gradients.get(i).multiply(-LEARNING_RATE));
        }
        List<Tensor> outputs = new ArrayList<>(gradients);
        outputs.add(y);
        try (Device device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, outputs.toArray(Tensor[]::new))) {
            for (ParameterSpec spec : parameters.specs()) {
                first(plan, spec);
            }
            double[] weights = numbers((int) y.shape().size());
            Transfer.write(device, plan.input("cotangent"), weights);
            for (int step = 1; step <= STEPS; step++) {
                double[] rows = numbers((int) x.shape().size());
                Transfer.write(device, plan.input("x"), rows);
                plan.run();
                double[] theirs = peer.step(rows, longs(shape), weights, LEARNING_RATE);
                agree("outputs of step " + step, Transfer.read(device, plan.buffer(y)), theirs);
                for (int i = 0; i < trained.size(); i++) {
                    String name = trained.get(i).name();
                    agree(
                            "gradient of step " + step + ": " + name,
                            Transfer.read(device, plan.buffer(gradients.get(i))),
                            peer.gradient(theirs(name)));
                    agree(name, Transfer.read(device, plan.input(name)), peer.parameter(theirs(name)));
                }
            }
            requireAgreementInEvaluation(plan, parameters.specs());
            return kept(plan, parameters);
        }
    }

    /** What the layer gives where nothing is learned, by what it keeps now. */
    private void requireAgreementInEvaluation(Plan trained, List<ParameterSpec> specs) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32, shape));
        Tensor y = layer.forward(x, parameters(tape, Mode.EVALUATION));
        Device device = trained.device();
        try (Plan plan = Plan.compile(tape, device, y)) {
            for (ParameterSpec spec : specs) {
                Transfer.write(device, plan.input(spec.name()), Transfer.read(device, trained.input(spec.name())));
            }
            double[] rows = numbers((int) x.shape().size());
            Transfer.write(device, plan.input("x"), rows);
            plan.run();
            agree("evaluation", Transfer.read(device, plan.buffer(y)), peer.evaluate(rows, longs(shape)));
        }
    }

    private Parameters parameters(Tape tape, Mode mode) {
        return Parameters.on(tape, 0, mode, () -> tape.constant(0, DType.F64).reshape(1), lowRank);
    }

    private Map<String, float[]> kept(Plan plan, Parameters parameters) {
        Map<String, float[]> kept = new java.util.TreeMap<>();
        for (ParameterSpec spec : parameters.specs()) {
            if (spec.kind() == Kind.STATE) {
                kept.put(spec.name(), floats(Transfer.read(plan.device(), plan.input(spec.name()))));
            }
        }
        return kept;
    }

    private void first(Plan plan, ParameterSpec spec) {
        double[] values = numbers((int) spec.shape().size());
        switch (spec.kind()) {
            case TRAINED, FROZEN -> peer.set(theirs(spec.name()), values);
            case STATE -> Arrays.fill(values, spec.name().endsWith("var") ? 1 : 0);
        }
        Transfer.write(plan.device(), plan.input(spec.name()), values);
    }

    private String theirs(String name) {
        return names.getOrDefault(name, name);
    }

    private double[] numbers(int count) {
        return random.doubles(count, -1, 1).map(value -> (float) value).toArray();
    }

    private static void agree(String name, double[] ours, double[] theirs) {
        Agreement.of(name, floats(ours), theirs).require();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static long[] longs(int[] values) {
        return java.util.stream.IntStream.of(values).asLongStream().toArray();
    }
}
