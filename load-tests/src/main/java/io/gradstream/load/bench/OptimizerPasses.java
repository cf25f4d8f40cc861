package io.gradstream.load.bench;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.AdagradUpdate;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.FtrlUpdate;
import io.gradstream.autodiff.op.LionUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import io.gradstream.autodiff.op.RmspropUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.SgdUpdate;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.load.peer.PeerOptimizer;
import io.gradstream.load.peer.PeerPass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What one pass of every optimizer costs, in ns per parameter, beside libtorch's and beside adding one array to another, which moves
 * 12 bytes. The least of alternating slots, one thread each.
 *
 * <pre>
 * mvn -pl load-tests -am compile exec:java -Dexec.mainClass=io.gradstream.load.bench.OptimizerPasses
 * </pre>
 */
public final class OptimizerPasses {
    private static final int ROWS = 1024;
    private static final int PARAMETERS = ROWS * 1024;
    private static final int SLOTS = 12;
    private static final int PASSES = 5;
    private static final Segments SEGMENTS = Segments.of(new Segment(0, PARAMETERS));

    private record Pass(OptimizerUpdate ours, Optional<PeerOptimizer> peer) {}

    private OptimizerPasses() {}

    public static void main(String[] arguments) {
        System.out.printf("%-12s %10s %10s %8s%n", "optimizer", "ours", "libtorch", "ratio");
        passes().forEach(OptimizerPasses::race);
        try (PeerPass addition = PeerPass.addition(PARAMETERS)) {
            double least = Double.POSITIVE_INFINITY;
            for (int slot = 0; slot < SLOTS; slot++) {
                least = Math.min(least, nanosPerParameter(addition::run));
            }
            System.out.printf("%-12s %10s %10.3f   %.1f GB/s%n", "a += b", "", least, 12 / least);
        }
    }

    private static void race(String name, Pass pass) {
        try (CpuDevice device = CpuDevice.open();
                Plan plan = ours(pass.ours(), device)) {
            if (pass.peer().isEmpty()) {
                System.out.printf("%-12s %10.3f%n", name, nanosPerParameter(plan::run));
                return;
            }
            try (PeerPass peer = PeerPass.of(pass.peer().get(), PARAMETERS)) {
                double ours = Double.POSITIVE_INFINITY;
                double theirs = Double.POSITIVE_INFINITY;
                for (int slot = 0; slot < SLOTS; slot++) {
                    ours = Math.min(ours, nanosPerParameter(plan::run));
                    theirs = Math.min(theirs, nanosPerParameter(peer::run));
                }
                System.out.printf("%-12s %10.3f %10.3f %8.2f%n", name, ours, theirs, theirs / ours);
            }
        }
    }

    private static SequencedMap<String, Pass> passes() {
        SequencedMap<String, Pass> all = new LinkedHashMap<>();
        all.put("sgd", new Pass(new SgdUpdate(0, 0, false, 0, SEGMENTS), peer(new PeerOptimizer.Sgd(0, 0, false, 0))));
        all.put(
                "momentum",
                new Pass(new SgdUpdate(0.9, 0, false, 0, SEGMENTS), peer(new PeerOptimizer.Sgd(0.9, 0, false, 0))));
        all.put(
                "adamw",
                new Pass(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0.01, true, SEGMENTS),
                        peer(new PeerOptimizer.AdamLike(0.9, 0.999, 1e-8, 0.01, true))));
        all.put(
                "adagrad",
                new Pass(
                        new AdagradUpdate(0, 0, 0, 1e-10, SEGMENTS),
                        peer(new PeerOptimizer.AdagradLike(0, 0, 0, 1e-10))));
        all.put(
                "rmsprop",
                new Pass(
                        new RmspropUpdate(0.99, 1e-8, 0, 0.9, true, SEGMENTS),
                        peer(new PeerOptimizer.RmspropLike(0.99, 1e-8, 0, 0.9, true))));
        all.put("lion", new Pass(new LionUpdate(0.9, 0.99, 0.01, SEGMENTS), Optional.empty()));
        all.put("ftrl", new Pass(new FtrlUpdate(1, 0.1, 0, SEGMENTS), Optional.empty()));
        all.put("adamw8bit", new Pass(new QuantizedAdamUpdate(0.9, 0.999, 1e-8, 0.01, SEGMENTS), Optional.empty()));
        all.put(
                "adafactor",
                new Pass(new AdafactorUpdate(-0.8, 1e-7, 1e-3, 1, 0, List.of(ROWS), SEGMENTS), Optional.empty()));
        return all;
    }

    private static Optional<PeerOptimizer> peer(PeerOptimizer peer) {
        return Optional.of(peer);
    }

    private static Plan ours(OptimizerUpdate update, CpuDevice device) {
        TensorType block = TensorType.of(DType.F32, PARAMETERS);
        Tape tape = Tape.recording();
        Value[] operands = new Value[3 + update.moments()];
        operands[0] = tape.input("gradients", block);
        for (int moment = 0; moment < update.moments(); moment++) {
            operands[1 + moment] =
                    tape.input("moment " + moment, update.state(block).get(moment));
        }
        operands[1 + update.moments()] = tape.input("control", Control.block());
        operands[2 + update.moments()] = tape.input("statistics", OptimizerUpdate.block(1));
        tape.parameter("parameters", block).apply(update, operands);
        Plan plan = Plan.compile(tape, device, List.of(), Map.of());
        double[] control = new double[Control.values().length];
        control[Control.LEARNING_RATE.slot()] = 1e-6;
        control[Control.GRADIENT_FACTOR.slot()] = 1;
        control[Control.STEP_COUNT.slot()] = 10;
        Transfer.write(device, plan.input("control"), control);
        double[] values = new double[PARAMETERS];
        for (int i = 0; i < PARAMETERS; i++) {
            values[i] = Math.sin(i);
        }
        Transfer.write(device, plan.input("gradients"), values);
        Transfer.write(device, plan.input("parameters"), values);
        return plan;
    }

    private static double nanosPerParameter(Runnable pass) {
        pass.run();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < PASSES; i++) {
            long before = System.nanoTime();
            pass.run();
            least = Math.min(least, System.nanoTime() - before);
        }
        return (double) least / PARAMETERS;
    }
}
