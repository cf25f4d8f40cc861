package io.gradstream.load.golden;

import io.gradstream.load.peer.PeerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The program that made {@code optimizer-trajectories.txt} among the test resources of {@code autodiff}: where libtorch's optimizers, in
 * double, bring 24 weights in 1,000 steps under noisy gradients. Its argument is the file to write.
 *
 * <pre>
 * mvn -pl load-tests -am compile exec:java -Dexec.mainClass=io.gradstream.load.golden.OptimizerGoldens -Dexec.args=FILE
 * </pre>
 */
public final class OptimizerGoldens {
    private static final int WEIGHTS = 24;
    private static final List<Integer> SHOWN = List.of(1, 2, 10, 100, 1000);

    /** The optimizers by the names that the test knows. */
    static final SequencedMap<String, PeerOptimizer> OPTIMIZERS = optimizers();

    private OptimizerGoldens() {}

    public static void main(String[] arguments) throws IOException {
        Files.write(Path.of(arguments[0]), lines());
    }

    /** One line per optimizer and step shown: name, step, weights. */
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# libtorch in double: optimizer, step, weights; made by io.gradstream.load.golden.OptimizerGoldens");
        OPTIMIZERS.forEach((name, optimizer) -> lines.addAll(trajectory(name, optimizer)));
        return lines;
    }

    private static SequencedMap<String, PeerOptimizer> optimizers() {
        SequencedMap<String, PeerOptimizer> all = new LinkedHashMap<>();
        all.put("sgd", new PeerOptimizer.Sgd(0, 0, false, 0.01));
        all.put("momentum", new PeerOptimizer.Sgd(0.9, 0.1, false, 0.01));
        all.put("nesterov", new PeerOptimizer.Sgd(0.9, 0, true, 0));
        all.put("adam", new PeerOptimizer.AdamLike(0.9, 0.999, 1e-8, 0.01, false));
        all.put("adamw", new PeerOptimizer.AdamLike(0.8, 0.99, 1e-6, 0.1, true));
        all.put("adagrad", new PeerOptimizer.AdagradLike(0, 0, 0, 1e-10));
        all.put("adagrad-decaying", new PeerOptimizer.AdagradLike(0.01, 0.01, 0.1, 1e-6));
        all.put("rmsprop", new PeerOptimizer.RmspropLike(0.99, 1e-8, 0.01, 0, false));
        all.put("rmsprop-centered", new PeerOptimizer.RmspropLike(0.9, 1e-3, 0, 0, true));
        all.put("rmsprop-centered-momentum", new PeerOptimizer.RmspropLike(0.95, 1e-3, 0.01, 0.9, true));
        return all;
    }

    private static List<String> trajectory(String name, PeerOptimizer rule) {
        List<String> lines = new ArrayList<>();
        double[] weights = new double[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            weights[i] = StrictMath.cos(i);
        }
        try (PointerScope _ = new PointerScope()) {
            Tensor parameter = tensor(weights);
            parameter.set_requires_grad(true);
            Optimizer optimizer = rule.over(new TensorVector(parameter));
            optimizer.param_groups().get(0).options().set_lr(0.01);
            for (int step = 1; step <= 1000; step++) {
                double[] gradient = new double[WEIGHTS];
                for (int i = 0; i < WEIGHTS; i++) {
                    gradient[i] = gradient(i, step, weights[i]);
                }
                try (PointerScope _ = new PointerScope()) {
                    parameter.mutable_grad().put(tensor(gradient));
                    optimizer.step();
                    parameter.detach().data_ptr_double().get(weights);
                }
                if (SHOWN.contains(step)) {
                    lines.add(line(name, step, weights));
                }
            }
        }
        return lines;
    }

    /** The slope of a parabola around sin(i + 1), with noise. */
    private static double gradient(int i, int step, double weight) {
        double curvature = 0.5 + i % 5 * 0.5;
        return curvature * (weight - StrictMath.sin(i + 1)) + 0.3 * StrictMath.sin(12.9898 * i + 78.233 * step);
    }

    private static String line(String name, int step, double[] weights) {
        StringBuilder line = new StringBuilder(name).append(' ').append(step);
        for (double weight : weights) {
            line.append(' ').append(weight);
        }
        return line.toString();
    }

    private static Tensor tensor(double[] values) {
        try (TensorOptions options = new TensorOptions(ScalarType.Double);
                DoublePointer data = new DoublePointer(values);
                Tensor view = torch.from_blob(data, new long[] {values.length}, options)) {
            return view.clone();
        }
    }
}
