package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Contraction;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.Movement;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Stochastic;
import java.util.List;

/** Calls bound to their arrays, run one after the other. */
final class ReferenceProgram implements Program {

    private final Runnable[] steps;

    ReferenceProgram(List<Call> calls) {
        steps = calls.stream().map(ReferenceProgram::prepare).toArray(Runnable[]::new);
    }

    @Override
    public void run() {
        for (Runnable step : steps) {
            step.run();
        }
    }

    @Override
    public void run(long[] nanos) {
        for (int i = 0; i < steps.length; i++) {
            long start = System.nanoTime();
            steps[i].run();
            nanos[i] = System.nanoTime() - start;
        }
    }

    @Override
    public long workspaceBytes() {
        return 0;
    }

    private static Runnable prepare(Call call) {
        List<Array> inputs = call.inputs().stream().map(Array::of).toList();
        Array output = Array.of(call.output());
        return switch (call.kernel()) {
            case Elementwise op -> ElementwiseKernels.prepare(op, inputs, output);
            case Reduction op -> ReductionKernels.prepare(op, inputs.get(0), output);
            case Rowwise op -> RowwiseKernels.prepare(op, inputs, output);
            case Movement op -> MovementKernels.prepare(op, inputs, output);
            case Contraction op -> ContractionKernels.prepare(op, inputs, output);
            case Lookup op -> LookupKernels.prepare(op, inputs, output);
            case Stochastic op -> StochasticKernels.prepare(op, inputs, output);
            case Cast ignored -> MovementKernels.copy(inputs.get(0), output);
            case GradientHealth op -> StepKernels.gradientHealth(op, inputs.get(0), output);
            case Fused op -> FusedKernels.prepare(op, inputs, output);
            case RowsHealth ignored -> TableKernels.health(inputs, output);
            case InPlace op -> StepKernels.prepare(op, inputs);
        };
    }

    @Override
    public void close() {}
}
