package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The plan that measures the gradients accumulated so far. */
final class PendingNorm implements AutoCloseable {
    private final Device device;
    private final Arena arena = Arena.ofShared();
    private final Plan plan;
    private final Buffer health;
    private final MemorySegment hostHealth;
    private final int parameters;

    PendingNorm(ParameterStore store, Device device) {
        this.device = device;
        parameters = store.trained().size();
        Tape tape = Tape.recording();
        AccumulatedGradients gradients = new AccumulatedGradients(tape, store);
        Tensor norms = gradients.norms();
        plan = Plan.compile(tape, device, List.of(norms), gradients.bindings());
        health = plan.buffer(norms);
        hostHealth = arena.allocate(health.size() * Double.BYTES, Double.BYTES);
    }

    /** Σ g² of the gradients as they are. */
    double squared() {
        measure();
        double sum = 0;
        for (int i = 0; i < parameters; i++) {
            long at = (long) i * GradientHealth.COLUMNS;
            sum += hostHealth.getAtIndex(JAVA_DOUBLE, at + GradientHealth.Column.SQUARED_NORM.index());
        }
        return sum;
    }

    /** The {@link GradientHealth} of the gradients as they are. */
    double[] health() {
        measure();
        return hostHealth.toArray(JAVA_DOUBLE);
    }

    private void measure() {
        plan.run();
        device.read(health, hostHealth);
    }

    @Override
    public void close() {
        plan.close();
        arena.close();
    }
}
