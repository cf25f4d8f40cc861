package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * The plan that measures tables as they are. A step keeps their squared norms up to date by what it adds to the rows it touches; whoever
 * changes a table in another way has them measured anew.
 */
final class TableNorms implements AutoCloseable {
    private final Device device;
    private final ParameterStore store;
    private final Arena arena = Arena.ofShared();
    private final Plan plan;
    private final Buffer measured;
    private final Buffer statistics;
    private final MemorySegment hostMeasured;
    private final MemorySegment hostStatistics;

    TableNorms(ParameterStore store, Device device) {
        this.device = device;
        this.store = store;
        Tape tape = Tape.recording();
        Section tables = store.tables();
        Tensor norms = tape.input("tables", tables.layout().type())
                .apply(new GradientHealth(tables.layout().segments()));
        plan = Plan.compile(tape, device, List.of(norms), Map.of("tables", tables.values()));
        measured = plan.buffer(norms);
        statistics = store.statistics(store.dense().count(), tables.count());
        hostMeasured = arena.allocate(measured.size() * Double.BYTES, Double.BYTES);
        hostStatistics = arena.allocate((long) tables.count() * OptimizerUpdate.COLUMNS * Double.BYTES, Double.BYTES);
    }

    void measure() {
        plan.run();
        device.read(measured, hostMeasured);
        for (int table = 0; table < store.tables().count(); table++) {
            double squared = hostMeasured.getAtIndex(
                    JAVA_DOUBLE, (long) table * GradientHealth.COLUMNS + GradientHealth.Column.SQUARED_NORM.index());
            hostStatistics.setAtIndex(
                    JAVA_DOUBLE,
                    (long) table * OptimizerUpdate.COLUMNS + OptimizerUpdate.Column.SQUARED_WEIGHT.index(),
                    squared);
        }
        device.write(statistics, hostStatistics);
    }

    @Override
    public void close() {
        plan.close();
        arena.close();
    }
}
