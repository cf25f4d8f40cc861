package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Reading;
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
    private final Reading reading;
    private final MemorySegment hostHealth;

    PendingNorm(ParameterStore store, Device device, int ahead) {
        this.device = device;
        Tape tape = Tape.recording();
        AccumulatedGradients gradients = new AccumulatedGradients(tape, store);
        Tensor norms = gradients.norms();
        plan = Plan.compile(tape, device, List.of(norms), gradients.bindings());
        health = plan.buffer(norms);
        reading = device.reading(List.of(health), ahead);
        hostHealth = arena.allocate(health.size() * Double.BYTES, Double.BYTES);
    }

    /** Measures the gradients as they are, and gives what reads their {@link GradientHealth}. */
    Reading run() {
        plan.run();
        return reading;
    }

    /** The {@link GradientHealth} of the gradients as they are. */
    double[] health() {
        plan.run();
        device.read(health, hostHealth);
        return hostHealth.toArray(JAVA_DOUBLE);
    }

    @Override
    public void close() {
        reading.close();
        plan.close();
        arena.close();
    }
}
