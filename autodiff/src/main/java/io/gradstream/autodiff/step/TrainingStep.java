package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.diagnose.Anomaly;
import io.gradstream.autodiff.diagnose.Finding;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.Philox;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model in training on a device: micro-batches are accumulated, and then a step is taken from all of them.
 *
 * <p>Both are plans that were recorded once. A micro-batch computes Σ wᵢ·lossᵢ / (rows of a full step), times the loss scale, and adds its
 * gradients to their block; the step then multiplies by (rows of a full step) / Σ wᵢ and divides by the loss scale, so that whatever rows
 * came, the gradient is that of their weighted mean loss. Replaying allocates nothing. Not safe for use by several threads at once.
 */
public final class TrainingStep implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    private static final String CONTROL = "control";
    private static final String TREND = "trend";
    private static final String ACTIVITY = "activity.";

    private final StepSpec spec;
    private final Model model;
    private final Device device;
    private final ParameterStore store;
    private final Arena arena = Arena.ofShared();
    private final Buffer control;
    private final List<ParameterView> parameters = new ArrayList<>();
    private final List<ParameterView> served = new ArrayList<>();
    private final StepReports reports;
    private final Trend trend = new Trend();
    private final Buffer rate;
    private final MemorySegment hostRate = arena.allocate(JAVA_DOUBLE);
    private final MemorySegment hostControl;
    private final MemorySegment weights;
    private final List<RowFigures> rowFigures = new ArrayList<>();
    private final @Nullable Buffer rowSums;
    private final StepBeginning beginning;
    private final ChangedRows changedRows;
    private StepPlans plans;
    private @Nullable Accumulation accumulation;
    private @Nullable ActivationInspection activations;
    private boolean tablesChanged = true;
    private @Nullable Program whole;
    private boolean controlKnown;
    private double rateOnDevice = Double.NaN;
    private boolean begun;
    private int microBatches;
    private double pendingWeight;
    private long pendingRows;

    public TrainingStep(StepSpec spec, Device device) {
        this.spec = spec;
        this.device = device;
        model = new Model(spec.model());
        store = new ParameterStore(
                device,
                UpdateGroup.freeze(model.parameters(), spec.groups()),
                spec.optimizer(),
                slots(),
                spec.groups(),
                spec.average().isPresent(),
                spec.updates());
        StepPlans built = null;
        StepBeginning kept = null;
        try {
            control = store.dense().block(Control.block());
            rate = new Buffer(
                    control.memory(),
                    control.offset() + (long) Control.LEARNING_RATE.slot() * device.bytesPerElement(DType.F64),
                    TensorType.of(DType.F64));
            rowSums = spec.updates() == Updates.ROW
                    ? store.dense().block(RowByRow.sums(model.parameters().size()))
                    : null;
            built = new StepPlans(spec, store, device, control, rowSums, StepReports.MOST_AHEAD);
            plans = built;
            List<String> trained =
                    store.trained().stream().map(ParameterSpec::name).toList();
            hostControl = arena.allocate(control.size() * Double.BYTES, ALIGNMENT);
            weights = arena.allocate((long) spec.microBatch() * Float.BYTES, ALIGNMENT);
            reports = new StepReports(spec, model, trained, arena);
            kept = new StepBeginning(device, control, changedWithoutGradients(), arena);
            beginning = kept;
            changedRows = new ChangedRows(device, store, arena);
            initialize();
        } catch (RuntimeException | Error e) {
            if (kept != null) {
                kept.close();
            }
            if (built != null) {
                built.close();
            }
            store.close();
            arena.close();
            throw e;
        }
    }

    /** The tables of which only touched rows are to have gradients, and how many rows a step can touch before any bag has grown. */
    private Map<String, Integer> slots() {
        Map<String, Integer> slots = new HashMap<>();
        if (spec.updates() == Updates.ROW || !OptimizerRecording.knowsTables(spec.optimizer())) {
            return slots;
        }
        List<Integer> room = Collections.nCopies(spec.model().bags().size(), spec.microBatch());
        Lookups lookups = Forward.of(spec, model, room).lookups();
        for (ParameterSpec parameter : model.parameters()) {
            if (parameter.kind() == ParameterSpec.Kind.TRAINED
                    && lookups.tables().contains(parameter.name())) {
                slots.put(parameter.name(), Math.multiplyExact(lookups.count(parameter.name()), spec.accumulate()));
            }
        }
        return slots;
    }

    /** What micro-batches write besides gradients, rows of tables and the control block. */
    private List<Buffer> changedWithoutGradients() {
        List<Buffer> changed = new ArrayList<>();
        for (ParameterSpec parameter : model.parameters()) {
            boolean learnsAtOnce = rowSums != null && !RowLearning.isTable(parameter);
            if (learnsAtOnce || parameter.kind() == ParameterSpec.Kind.STATE) {
                changed.add(store.value(parameter.name()));
            }
        }
        if (rowSums != null) {
            changed.add(rowSums);
        }
        return changed;
    }

    private void initialize() {
        setControl(
                Control.LOSS_SCALE,
                spec.precision() == Precision.FP16 ? spec.lossScale().initial() : 1);
        device.write(control, hostControl);
        controlKnown = true;
        Map<String, Buffer> toServe = store.served();
        for (ParameterSpec parameter : model.parameters()) {
            ParameterView view = new ParameterView(
                    parameter.name(),
                    device,
                    Objects.requireNonNull(store.values().get(parameter.name())));
            ParameterView servedView =
                    new ParameterView(parameter.name(), device, Objects.requireNonNull(toServe.get(parameter.name())));
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment values = scratch.allocate(view.bytes(), ALIGNMENT);
                parameter.initialize(spec.seed(), values);
                view.write(values);
                servedView.write(values);
            }
            parameters.add(view);
            served.add(servedView);
        }
    }

    public StepSpec spec() {
        return spec;
    }

    /**
     * Forward and backward of one micro-batch. Rows behind its count are overwritten with padding that counts nothing, and its bag columns
     * may be given more room, as by {@link MicroBatch#ensureBagCapacity}.
     */
    public void accumulate(MicroBatch batch) {
        if (spec.updates() == Updates.ROW) {
            throw new IllegalStateException("rows that learn one after the other need the learning rate with them");
        }
        begin();
        add(batch);
    }

    /** Keeps what is there before a step's first micro-batch. */
    private void begin() {
        if (!begun) {
            if (reports.due() == 0) {
                beginning.keep(trend, tablesChanged, controlKnown ? hostControl : null);
            } else {
                beginning.forget();
            }
            changedRows.forget();
            reports.next().begin();
            begun = true;
            microBatches = 0;
        }
    }

    /** The same for a step whose rows may learn at once: the learning rate must be that of the step they belong to. */
    public void accumulate(MicroBatch batch, double learningRate) {
        requireRate(learningRate);
        begin();
        if (spec.updates() == Updates.ROW) {
            writeRate(learningRate);
        }
        add(batch);
    }

    private void add(MicroBatch batch) {
        boolean inspects = pendingRows == 0 && inspects();
        if (inspects) {
            reports.requireNoneDue();
        }
        Accumulation plan = prepare(batch);
        plan.run(batch, weights);
        if (inspects) {
            inspectActivations(plan);
        }
        fetchRows(plan);
        count(batch);
        if (spec.accumulate() > 1 && rowSums == null && pendingRows == batch.rows()) {
            reports.next().fetchFirst(plans.pendingNorm().run(), batch.totalWeight());
        }
    }

    /** Makes a micro-batch ready to be run, by the plan that has room for it. */
    private Accumulation prepare(MicroBatch batch) {
        if (batch.capacity() != spec.microBatch()) {
            throw new IllegalArgumentException("micro-batch must have the step's capacity: capacity=" + batch.capacity()
                    + " microBatch=" + spec.microBatch());
        }
        batch.pad();
        batch.writeWeights(weights);
        Accumulation plan = plan(batch);
        for (int table = 0; table < store.rowGradients().size(); table++) {
            store.rowGradients().get(table).expect(plan.touches()[table]);
        }
        controlKnown = false;
        return plan;
    }

    /** Asks for what a micro-batch that was run has predicted. */
    private void fetchRows(Accumulation plan) {
        if (microBatches == rowFigures.size()) {
            rowFigures.add(new RowFigures(spec, arena));
        }
        rowFigures.get(microBatches).fetch(plan.figures());
        changedRows.add(plan);
        microBatches++;
    }

    private void count(MicroBatch batch) {
        pendingWeight += batch.totalWeight();
        pendingRows += batch.rows();
    }

    /** Whether the step that is being accumulated is one that is looked at closely. */
    private boolean inspects() {
        return inspects(reports.taken());
    }

    private boolean inspects(long step) {
        return spec.inspectEvery() > 0 && rowSums == null && step % spec.inspectEvery() == 0;
    }

    private void inspectActivations(Accumulation plan) {
        if (activations == null) {
            activations = new ActivationInspection(spec, model, device, store, control, plan);
        }
        activations.run(trend.activity(), reports.report());
    }

    /** F32 [micro-batch, outputs]: what was predicted for the rows of the last micro-batch before anything was learned from them. */
    public MemorySegment predictions() {
        return predictions(microBatches - 1);
    }

    /** F32 [micro-batch]: the loss of each row of the last micro-batch, not weighted. */
    public MemorySegment losses() {
        return losses(microBatches - 1);
    }

    /** The predictions for a micro-batch, the first being 0, of the step that is being accumulated or, until its first one, of the last step. */
    public MemorySegment predictions(int microBatch) {
        return rowFigures(microBatch).predictions();
    }

    /** The losses of the rows of a micro-batch. */
    public MemorySegment losses(int microBatch) {
        return rowFigures(microBatch).losses();
    }

    private RowFigures rowFigures(int microBatch) {
        if (microBatch < 0 || microBatch >= microBatches) {
            throw new IllegalStateException("a micro-batch must have been accumulated: microBatch=" + microBatch
                    + " microBatches=" + microBatches);
        }
        return rowFigures.get(microBatch);
    }

    /** The sum of the weights of the rows that the next step will be taken from. */
    public double pendingWeight() {
        return pendingWeight;
    }

    /** How many rows the next step will be taken from. */
    public long pendingRows() {
        return pendingRows;
    }

    /** Takes a step from everything accumulated since the last one. The report is valid until the next one. */
    public StepReport step(double learningRate) {
        reports.requireNoneDue();
        take(learningRate);
        return report();
    }

    /** Takes a step from everything accumulated since the last one and a last micro-batch. */
    public StepReport step(MicroBatch last, double learningRate) {
        reports.requireNoneDue();
        take(last, learningRate);
        return report();
    }

    /**
     * Takes a step from everything accumulated since the last one, and waits for nothing: {@link #report} tells what came of it. Several
     * steps may be taken before the first is reported; a step can be undone only where all before it were.
     */
    public void take(double learningRate) {
        requireTakable(pendingWeight);
        requireRate(learningRate);
        measureTables();
        writeRate(learningRate);
        MomentInspection inspection = inspects() ? plans.inspection() : null;
        if (inspection != null) {
            inspection.run();
        }
        plans.optimization().run();
        end();
    }

    /** The same, with a last micro-batch: one program where programs are slow to start. */
    public void take(MicroBatch last, double learningRate) {
        requireTakable(pendingWeight + last.totalWeight());
        boolean measured = spec.accumulate() > 1 && pendingRows == 0;
        if (!device.startsSlowly() || rowSums != null || measured || inspects()) {
            accumulate(last, learningRate);
            take(learningRate);
            return;
        }
        requireRate(learningRate);
        begin();
        measureTables();
        Accumulation plan = prepare(last);
        writeRate(learningRate);
        plan.write(last, weights);
        whole(plan).run();
        fetchRows(plan);
        count(last);
        end();
    }

    private Program whole(Accumulation plan) {
        Program joined = whole;
        if (joined == null) {
            joined = plan.followedBy(plans.optimization());
            whole = joined;
        }
        return joined;
    }

    private void measureTables() {
        TableNorms norms = plans.tableNorms();
        if (norms != null && tablesChanged) {
            norms.measure();
            tablesChanged = false;
        }
    }

    /** Asks for what the step came to that was just run, and begins the next one. */
    private void end() {
        reports.take(plans.figures(), pendingRows);
        store.rowGradients().forEach(RowGradients::expectNone);
        controlKnown = false;
        pendingWeight = 0;
        pendingRows = 0;
        begun = false;
    }

    /** Waits for the oldest step that was taken and not reported. The report is valid until the next one. */
    public StepReport report() {
        StepFigures told = reports.tell(trend);
        StepReport report = reports.report();
        MomentInspection inspection = inspects(reports.taken() - reports.due() - 1) ? plans.inspection() : null;
        if (inspection != null && !report.overflow) {
            reports.tell(inspection, told, store.dense().count());
        }
        if (reports.due() == 0 && !begun) {
            hostControl.copyFrom(told.control());
            controlKnown = true;
        }
        if (!report.overflow) {
            beginning.forget();
        }
        return report;
    }

    /** How many steps were taken and not reported. */
    public int reportsDue() {
        return reports.due();
    }

    private void requireTakable(double weight) {
        if (!(weight > 0)) {
            throw new IllegalStateException("a step needs rows that count: rows=" + pendingRows + " weight=" + weight);
        }
        reports.requireRoom();
    }

    /**
     * Goes back to before the first micro-batch since the last step, or, where there is none and that step was skipped, to before that step's
     * first one: what follows is the same, bit for bit, as if the rows had never come. Does nothing where nothing has come.
     */
    public void undo() {
        reports.requireNoneDue();
        if (!beginning.isThere()) {
            if (pendingRows > 0) {
                throw new IllegalStateException(
                        "a step must be seen from its first row to be undone: pendingRows=" + pendingRows);
            }
            return;
        }
        tablesChanged = beginning.restore(trend);
        changedRows.restore();
        countFromDevice();
        if (rowSums == null && !store.dense().isEmpty()) {
            Transfer.fill(device, store.gradients(), 0);
        }
        store.rowGradients().forEach(RowGradients::clear);
        pendingWeight = 0;
        pendingRows = 0;
        begun = false;
    }

    /** What a loss is multiplied by before backward, lest small gradients vanish: 1 but for FP16. */
    public double lossScale() {
        device.read(control, hostControl);
        return control(Control.LOSS_SCALE);
    }

    /** Whether a step from some rows would be taken under a loss scale. Between two steps; nothing is learned, and nothing remains of it. */
    public boolean isFinite(List<MicroBatch> rows, double learningRate, double underScale) {
        if (begun) {
            throw new IllegalStateException("rows are tried between two steps: pendingRows=" + pendingRows);
        }
        reports.requireNoneDue();
        double scale = lossScale();
        setLossScale(underScale);
        try {
            rows.forEach(batch -> accumulate(batch, learningRate));
            return isFinite();
        } finally {
            undo();
            device.read(control, hostControl);
            setLossScale(scale);
        }
    }

    /** Whether a step from what is accumulated would be taken. */
    private boolean isFinite() {
        if (rowSums != null) {
            return RowByRow.refused(Transfer.read(device, rowSums)) == 0;
        }
        device.read(control, hostControl);
        double[] closed = hostControl.toArray(JAVA_DOUBLE);
        if (pendingWeight == 0) {
            closed[Control.TOTAL_WEIGHT.slot()] =
                    1; // rows that weigh nothing have no mean, but may yet make gradients that are not finite
        }
        Optimization.closing(spec).apply(closed, plans.pendingNorm().health());
        return closed[Control.FOUND_INF.slot()] == 0;
    }

    private void writeRate(double learningRate) {
        if (learningRate == rateOnDevice) {
            return;
        }
        rateOnDevice = learningRate;
        hostRate.set(JAVA_DOUBLE, 0, learningRate);
        device.write(rate, hostRate);
    }

    private static void requireRate(double learningRate) {
        if (!(learningRate >= 0)) {
            throw new IllegalArgumentException("learning rate must not be negative: learningRate=" + learningRate);
        }
    }

    /** Takes that many steps, each from one micro-batch, with a clock around every kernel; they train as any others do. */
    public StepProfile profile(MicroBatch batch, double learningRate, int steps) {
        Runnable work = () -> {
            for (int i = 0; i < steps; i++) {
                accumulate(batch, learningRate);
                step(learningRate);
            }
        };
        List<KernelTime> microBatch = plan(batch).profile(work);
        return new StepProfile(microBatch, plans.optimization().profile(work));
    }

    /** The parameters in the order of the model, each giving its current values. */
    public List<ParameterView> parameters() {
        return List.copyOf(parameters);
    }

    /** What is to be served, in the order of the model: the running average of the weights where the spec asks for one. */
    public List<ParameterView> served() {
        return List.copyOf(served);
    }

    /** Overwrites a parameter with F32 values in the host layout, for a warm start. */
    public void setParameter(String name, MemorySegment values) {
        find(parameters, name).write(values);
        find(served, name).write(values);
        tablesChanged = true;
    }

    /**
     * Lets trained parameters begin anew: with first values that are drawn afresh for every number, and with moments of zero where the
     * optimizer keeps them parameter by parameter.
     *
     * @param patterns the names of the parameters, as those of groups
     * @return their names
     */
    public List<String> reinitialize(List<String> patterns, long number) {
        if (begun) {
            throw new IllegalStateException("parameters begin anew between two steps: pendingRows=" + pendingRows);
        }
        long seed = Philox.named(spec.seed(), "anew." + number).bits(0);
        List<String> names = new ArrayList<>();
        for (ParameterSpec parameter : store.trained()) {
            if (patterns.stream()
                    .anyMatch(pattern -> ParameterGroup.frozen(pattern).matches(parameter.name()))) {
                try (Arena scratch = Arena.ofConfined()) {
                    MemorySegment values = scratch.allocate(parameter.shape().size() * Float.BYTES, ALIGNMENT);
                    parameter.initialize(seed, values);
                    setParameter(parameter.name(), values);
                }
                names.add(parameter.name());
            }
        }
        store.forEach((name, block) -> {
            if (name.startsWith(ParameterStore.MOMENT) && names.stream().anyMatch(each -> name.endsWith("." + each))) {
                Transfer.fill(device, block, 0);
            }
        });
        beginning.forget();
        return names;
    }

    private static ParameterView find(List<ParameterView> views, String name) {
        return views.stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("parameter must belong to the model: name=" + name));
    }

    /** Everything that the next step depends on, also gradients that are accumulated already. */
    public Snapshot snapshot() {
        reports.requireNoneDue();
        if (begun) {
            reports.next().tellFirst(trend, spec.divisor(), lossScale());
        }
        List<Snapshot.Block> blocks = new ArrayList<>();
        forEachBlock((name, buffer) -> {
            MemorySegment bytes = Arena.ofAuto()
                    .allocate(buffer.size() * buffer.type().dtype().bytes(), ALIGNMENT);
            device.read(buffer, bytes);
            blocks.add(new Snapshot.Block(name, buffer.type(), bytes));
        });
        store.rowGradients().forEach(table -> table.save(blocks));
        tablesChanged = true;
        double[] state = trend.state(pendingWeight, pendingRows);
        blocks.add(new Snapshot.Block(
                TREND, TensorType.of(DType.F64, state.length), Arena.ofAuto().allocateFrom(JAVA_DOUBLE, state)));
        trend.activity()
                .forEach((layer, shares) -> blocks.add(new Snapshot.Block(
                        ACTIVITY + layer,
                        TensorType.of(DType.F64, shares.length),
                        Arena.ofAuto().allocateFrom(JAVA_DOUBLE, shares))));
        return new Snapshot(blocks);
    }

    /** Goes back to a snapshot of a step of the same spec; what follows is the same, bit for bit. Another's changes nothing. */
    public void restore(Snapshot snapshot) {
        SnapshotRules.requireBlocks(snapshot, expectedBlocks(snapshot));
        SnapshotRules.requirePrecision(bytes(snapshot, CONTROL), spec.precision());
        SnapshotRules.requireZeroGradients(snapshot, bytes(snapshot, TREND));
        forEachBlock((name, buffer) -> device.write(buffer, bytes(snapshot, name)));
        int[] pending = store.rowGradients().stream()
                .mapToInt(table -> table.pending(snapshot))
                .toArray();
        store.rowGradients().forEach(RowGradients::clear);
        makeRoom(pending);
        store.rowGradients().forEach(table -> table.restore(snapshot));
        tablesChanged = true;
        double[] state = bytes(snapshot, TREND).toArray(JAVA_DOUBLE);
        trend.restore(state);
        trend.activity().clear();
        for (ParameterSpec parameter : model.parameters()) {
            snapshot.find(ACTIVITY + parameter.name())
                    .ifPresent(shares -> trend.activity()
                            .put(parameter.name(), shares.bytes().toArray(JAVA_DOUBLE)));
        }
        pendingWeight = state[Trend.PENDING_WEIGHT];
        pendingRows = (long) state[Trend.PENDING_ROWS];
        begun = pendingRows > 0;
        microBatches = 0;
        countFromDevice();
        reports.next().begin();
        beginning.forget();
    }

    /**
     * What the model and its loss show to be wrong, given the parameters as they are: for whoever builds a step to read before training.
     */
    public List<Finding> findings() {
        return StepLint.of(spec, model, this::values);
    }

    private double[] values(String name) {
        ParameterView view = parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
        float[] values = view.values();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /**
     * The operation in which a micro-batch of a step that overflowed first made a number that is not finite, with its line and what it was
     * given. Runs the micro-batch once more, operation by operation, with the parameters as they are and the loss scale of that step;
     * nothing is learned from it.
     */
    public Optional<Anomaly> blame(MicroBatch batch) {
        batch.pad();
        batch.writeWeights(weights);
        Accumulation plan = plan(batch);
        device.read(control, hostControl);
        double scale = control(Control.LOSS_SCALE);
        try {
            setLossScale(reports.report().overflow && pendingRows == 0 ? control(Control.STEP_SCALE) : scale);
            return plan.blame(batch, weights);
        } finally {
            setLossScale(scale);
        }
    }

    /** How the units of every activation behave on a micro-batch, in the order of the model; nothing is learned from it. */
    public List<UnitActivity> activity(MicroBatch batch) {
        batch.pad();
        batch.writeWeights(weights);
        List<Integer> room = new ArrayList<>();
        for (int bag = 0; bag < spec.model().bags().size(); bag++) {
            room.add(batch.bagCapacity(bag));
        }
        Forward forward = Forward.of(spec.but().precision(Precision.FP32).build(), model, room);
        List<Tensor> activations = UnitActivity.activations(forward);
        if (activations.isEmpty()) {
            return List.of();
        }
        Tensor shares = UnitActivity.record(activations);
        List<UnitActivity> activity = new ArrayList<>();
        try (Accumulation plan = Accumulation.ofFigures(spec, forward, shares, device, store, control);
                Arena scratch = Arena.ofConfined()) {
            Map<ParameterView, MemorySegment> statistics = statistics(scratch);
            plan.run(batch, weights);
            statistics.forEach(ParameterView::write);
            MemorySegment host = scratch.allocate(shares.shape().size() * Float.BYTES, ALIGNMENT);
            device.read(plan.predictions(), host);
            for (int i = 0; i < activations.size(); i++) {
                Tensor node = activations.get(i);
                activity.add(new UnitActivity(
                        node.op().name(),
                        ActivationInspection.feeding(node),
                        node.site(),
                        host.getAtIndex(JAVA_FLOAT, 2L * i),
                        host.getAtIndex(JAVA_FLOAT, 2L * i + 1)));
            }
        }
        return List.copyOf(activity);
    }

    /** What a forward pass writes by itself, as it is now. */
    private Map<ParameterView, MemorySegment> statistics(Arena scratch) {
        Map<ParameterView, MemorySegment> statistics = new HashMap<>();
        for (ParameterSpec parameter : model.parameters()) {
            if (parameter.kind() == ParameterSpec.Kind.STATE) {
                ParameterView view = find(parameters, parameter.name());
                MemorySegment values = scratch.allocate(view.bytes(), ALIGNMENT);
                view.read(values);
                statistics.put(view, values);
            }
        }
        return statistics;
    }

    private void setLossScale(double scale) {
        rateOnDevice = Double.NaN;
        setControl(Control.LOSS_SCALE, scale);
        device.write(control, hostControl);
    }

    /** Everything of {@link #snapshot} that has a place on the device, in an order that is always the same. */
    List<Buffer> blocks() {
        List<Buffer> blocks = new ArrayList<>();
        forEachBlock((_, buffer) -> blocks.add(buffer));
        return blocks;
    }

    Device device() {
        return device;
    }

    /** How many steps were taken, skipped ones included. */
    long steps() {
        return reports.taken();
    }

    /** Finds out how many steps were taken when the control block has been overwritten. */
    private void countFromDevice() {
        device.read(control, hostControl);
        controlKnown = false;
        rateOnDevice = Double.NaN;
        reports.restart((long) (control(Control.STEP_COUNT) + control(Control.SKIPPED_STEPS)));
    }

    /** Has its trend remembered between two steps. */
    void keep(Trend to) {
        reports.requireNoneDue();
        to.set(trend);
        tablesChanged = true;
    }

    /** Goes on between two steps, after all {@link #blocks} were written. */
    void resume(Trend from) {
        trend.set(from);
        pendingWeight = 0;
        pendingRows = 0;
        begun = false;
        microBatches = 0;
        countFromDevice();
        beginning.forget();
        store.rowGradients().forEach(RowGradients::clear);
        tablesChanged = true;
    }

    /** The calls of a micro-batch as they are replayed, or an empty string before the first one. */
    public String describe() {
        return Optional.ofNullable(accumulation).map(Accumulation::describe).orElse("");
    }

    @Override
    public void close() {
        closeAccumulation();
        plans.close();
        beginning.close();
        store.close();
        arena.close();
    }

    private void forEachBlock(ParameterStore.Visitor visitor) {
        store.forEach(visitor);
        visitor.visit(CONTROL, control);
        if (rowSums != null) {
            visitor.visit(RowLearning.SUMS, rowSums);
        }
    }

    /** What a snapshot must hold, given the rows of tables and the layers that it says it has. */
    private Map<String, TensorType> expectedBlocks(Snapshot snapshot) {
        Map<String, TensorType> expected = new TreeMap<>();
        forEachBlock((name, buffer) -> expected.put(name, buffer.type()));
        store.rowGradients().forEach(table -> table.expect(snapshot, expected));
        expected.put(TREND, TensorType.of(DType.F64, trend.state(pendingWeight, pendingRows).length));
        for (ParameterSpec parameter : model.parameters()) {
            String name = ACTIVITY + parameter.name();
            if (snapshot.find(name).isPresent()) {
                expected.put(name, TensorType.of(DType.F64, parameter.shape().dim(0)));
            }
        }
        return expected;
    }

    private static MemorySegment bytes(Snapshot snapshot, String name) {
        return snapshot.find(name).orElseThrow().bytes();
    }

    private Accumulation plan(MicroBatch batch) {
        if (accumulation != null) {
            accumulation.makeRoom(batch);
            if (accumulation.fits(batch) && hasRoom(accumulation.touches())) {
                return accumulation;
            }
            closeAccumulation();
        }
        List<Integer> bagCapacities = IntStream.range(0, spec.model().bags().size())
                .mapToObj(batch::bagCapacity)
                .toList();
        if (rowSums != null) {
            accumulation = Accumulation.ofRows(
                    spec,
                    model,
                    device,
                    RowLearning.bindings(store, control, rowSums),
                    bagCapacities,
                    microBatchesAhead());
            return accumulation;
        }
        Forward forward = Forward.of(spec, model, bagCapacities);
        makeRoom(store.rowGradients().stream()
                .mapToInt(table -> forward.lookups().count(table.name()))
                .toArray());
        accumulation = Accumulation.ofStep(spec, forward, device, store, control, microBatchesAhead());
        return accumulation;
    }

    /** How many micro-batches may be run before what was predicted for the first is read. */
    private int microBatchesAhead() {
        return Math.max(StepReports.MOST_AHEAD, spec.accumulate());
    }

    private void closeAccumulation() {
        if (whole != null) {
            whole.close();
            whole = null;
        }
        if (activations != null) {
            activations.close();
            activations = null;
        }
        if (accumulation != null) {
            accumulation.close();
            accumulation = null;
        }
    }

    private boolean hasRoom(int[] touches) {
        for (int table = 0; table < touches.length; table++) {
            if (!store.rowGradients().get(table).hasRoom(touches[table])) {
                return false;
            }
        }
        return true;
    }

    /** Gives tables slots for so many rows more; plans over slots that had to grow are made anew. */
    private void makeRoom(int[] touches) {
        if (hasRoom(touches)) {
            return;
        }
        closeAccumulation();
        for (int table = 0; table < touches.length; table++) {
            RowGradients gradients = store.rowGradients().get(table);
            if (!gradients.hasRoom(touches[table])) {
                gradients.grow(Math.multiplyExact(touches[table], spec.accumulate()));
            }
        }
        plans.close();
        plans = new StepPlans(spec, store, device, control, rowSums, StepReports.MOST_AHEAD);
    }

    private double control(Control slot) {
        return hostControl.getAtIndex(JAVA_DOUBLE, slot.slot());
    }

    private void setControl(Control slot, double value) {
        hostControl.setAtIndex(JAVA_DOUBLE, slot.slot(), value);
    }
}
