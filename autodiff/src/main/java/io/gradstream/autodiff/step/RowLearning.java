package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.InputPart;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.RowInput;
import io.gradstream.autodiff.op.RowLoss;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A linear model that learns from its rows one after the other: micro-batches change the weights, and the end of a step only says what
 * they did.
 */
final class RowLearning implements StepPlan {
    /** The block in which the rows of a step sum up what they did, until the step ends. */
    static final String SUMS = "sums";

    private static final String WEIGHT = "linear.weight";
    private static final String BIAS = "linear.bias";

    private final Plan plan;
    private final Buffer health;
    private final Buffer statistics;

    RowLearning(ParameterStore store, Device device, Buffer control, Buffer sums) {
        ParameterBlock block = store.dense().layout();
        int parameters = block.parameters().size();
        Tape tape = Tape.recording();
        Tensor norms = tape.input("health", GradientHealth.block(parameters));
        Tensor updates = tape.input("statistics", OptimizerUpdate.block(parameters));
        tape.input(Recorded.CONTROL, Control.block())
                .apply(
                        new CloseRows(block.segments(), places(store)),
                        tape.input(SUMS, sums.type()),
                        norms,
                        updates,
                        tape.parameter("parameters", block.type()));
        plan = Plan.compile(
                tape,
                device,
                List.of(),
                Map.of(
                        Recorded.CONTROL,
                        control,
                        SUMS,
                        sums,
                        "parameters",
                        store.dense().values()));
        health = plan.buffer(norms);
        statistics = plan.buffer(updates);
    }

    /** Whether a parameter is one of which a row changes only what it looks up. */
    static boolean isTable(ParameterSpec parameter) {
        return !parameter.name().equals(WEIGHT) && !parameter.name().equals(BIAS);
    }

    /** For each parameter in its block the row of the sums that belongs to it. */
    private static List<Integer> places(ParameterStore store) {
        List<String> names = List.copyOf(store.values().sequencedKeySet());
        return store.dense().layout().parameters().stream()
                .map(parameter -> names.indexOf(parameter.name()))
                .toList();
    }

    /** The bindings of a micro-batch: parameters, control block and sums. */
    static Map<String, Buffer> bindings(ParameterStore store, Buffer control, Buffer sums) {
        Map<String, Buffer> bindings = new HashMap<>(store.values());
        bindings.put(Recorded.CONTROL, control);
        bindings.put(SUMS, sums);
        return bindings;
    }

    /** Records a micro-batch: every row is predicted and learned from in turn. */
    static Recorded record(StepSpec spec, Model model, int[] bagCapacities) {
        int rows = spec.microBatch();
        ModelSpec columns = spec.model();
        Tape tape = Tape.recording();
        ModelInputs on = ModelInputs.on(tape, columns, rows, bagCapacities);
        for (ParameterSpec parameter : model.parameters()) {
            tape.parameter(parameter.name(), new TensorType(parameter.shape(), DType.F32));
        }
        Tensor predictions = tape.input("predictions", TensorType.of(DType.F32, rows, columns.outputs()));
        Tensor losses = tape.input("losses", TensorType.of(DType.F32, rows));
        List<RowInput> inputs = new ArrayList<>();
        List<Tensor> operands = new ArrayList<>(List.of(
                tape.leaf(WEIGHT),
                predictions,
                losses,
                tape.input(SUMS, RowByRow.sums(model.parameters().size())),
                tape.input(Recorded.CONTROL, Control.block()),
                tape.input(
                        Recorded.LABEL,
                        new TensorType(Shape.of(rows), spec.loss().labels())),
                tape.leaf(ModelInputs.WEIGHT)));
        List<Tensor> lookups = new ArrayList<>();
        addInputs(on, tape, inputs, operands, lookups);
        tape.leaf(BIAS)
                .apply(operation(spec, inputs, rates(spec, model.parameters())), operands.toArray(Tensor[]::new));
        return new Recorded(tape, predictions, losses, lookups);
    }

    private static void addInputs(
            ModelInputs on, Tape tape, List<RowInput> inputs, List<Tensor> operands, List<Tensor> lookups) {
        int categoricals = 0;
        int bags = 0;
        for (InputPart part : InputPart.of(on.columns())) {
            switch (part) {
                case InputPart.Numbers numbers -> {
                    inputs.add(new RowInput.Numbers(numbers.to() - numbers.from()));
                    operands.add(on.numbers(numbers));
                }
                case InputPart.LookedUp(InputColumn.Categorical column) -> {
                    inputs.add(new RowInput.Category(column.dimension()));
                    operands.add(tape.leaf(ModelInputs.table(column)));
                    Tensor ids = tape.leaf(ModelInputs.IDS + categoricals++);
                    operands.add(ids);
                    lookups.add(tape.leaf(ModelInputs.table(column)).embedding(ids));
                }
                case InputPart.LookedUp(InputColumn.Bag column) -> {
                    inputs.add(new RowInput.Bag(column.dimension(), column.combine()));
                    operands.add(tape.leaf(ModelInputs.table(column)));
                    Tensor ids = tape.leaf(ModelInputs.BAG_IDS + bags);
                    operands.add(ids);
                    lookups.add(tape.leaf(ModelInputs.table(column)).embedding(ids));
                    operands.add(tape.leaf(ModelInputs.BAG_OFFSETS + bags++));
                }
                case InputPart.LookedUp(InputColumn column) ->
                    throw new IllegalArgumentException(
                            "rows that learn one after the other have no sequences: column=" + column.name());
            }
        }
    }

    private static RowByRow operation(StepSpec spec, List<RowInput> inputs, List<Double> rates) {
        if (!(spec.optimizer() instanceof OptimizerSpec.Sgd descent)) {
            throw new IllegalArgumentException("rows learn by plain gradient descent: optimizer=" + spec.optimizer());
        }
        double maximum = spec.clip() instanceof Clip.Norm(double norm) ? norm : Double.POSITIVE_INFINITY;
        return new RowByRow(loss(spec.loss()), inputs, rates, descent.weightDecay(), maximum);
    }

    /** What the learning rate of each parameter is multiplied by. */
    private static List<Double> rates(StepSpec spec, List<ParameterSpec> parameters) {
        return parameters.stream()
                .map(parameter -> UpdateGroup.find(spec.groups(), parameter.name())
                        .map(ParameterGroup::learningRate)
                        .orElse(1.0))
                .toList();
    }

    private static RowLoss loss(Loss loss) {
        return switch (loss) {
            case Loss.BinaryCrossEntropy _ -> new RowLoss.Logistic();
            case Loss.CrossEntropy _ -> new RowLoss.Softmax();
            case Loss.SquaredError() -> new RowLoss.Squared();
            case Loss.AbsoluteError() -> new RowLoss.Absolute();
            case Loss.Huber(double threshold) -> new RowLoss.Huber(threshold);
            case Loss.Poisson() -> new RowLoss.Poisson();
            case Loss.Reconstruction() ->
                throw new IllegalArgumentException("rows that learn one after the other need labels: loss=" + loss);
        };
    }

    @Override
    public void run() {
        plan.run();
    }

    @Override
    public Buffer health() {
        return health;
    }

    @Override
    public Buffer clippedHealth() {
        return health();
    }

    @Override
    public Buffer statistics() {
        return statistics;
    }

    @Override
    public Program behind(Plan first) {
        return first.followedBy(plan);
    }

    @Override
    public List<KernelTime> profile(Runnable work) {
        return plan.profile(work);
    }

    @Override
    public void close() {
        plan.close();
    }
}
