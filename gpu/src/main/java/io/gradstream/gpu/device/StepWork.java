package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.AddNoise;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.AddRowNoise;
import io.gradstream.autodiff.op.AverageWeights;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.op.TallyLoss;
import io.gradstream.autodiff.op.UpdateAndClear;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;

/** What a training step does on flat blocks and on the control block: {@code step.cu}. */
final class StepWork {
    private static final String MODULE = "step";
    /** How many elements a block of threads sums at most. */
    static final int CHUNK = 8192;

    private StepWork() {}

    static void add(InPlace op, Call call, Workshop shop) {
        switch (op) {
            case Fill(double value) -> MovementWork.fill(value, call.input(0), shop);
            case Accumulate _ -> accumulate(call, shop);
            case AddProduct(boolean transposeA, boolean transposeB) ->
                ProductWork.matmul(transposeA, transposeB, call.input(1), call.input(2), call.input(0), true, shop);
            case TallyLoss _ -> tallyLoss(call, shop);
            case ScaleAndClip scaleAndClip -> scaleAndClip(scaleAndClip, call, shop);
            case AverageWeights(double decay) -> averageWeights(decay, call, shop);
            case AddNoise noise -> addNoise(noise, call, shop);
            case AddRowNoise noise -> TableWork.addNoise(noise, call, shop);
            case AccumulateRows _ -> TableWork.accumulate(call, shop);
            case TableUpdate update -> TableWork.update(update, call, shop);
            case OptimizerUpdate update -> UpdateWork.add(update, false, call, shop);
            case UpdateAndClear(ElementwiseUpdate update) -> UpdateWork.add(update, true, call, shop);
            case RowByRow rows -> RowByRowWork.add(rows, call, shop);
            case CloseRows rows -> RowByRowWork.close(rows, call, shop);
        }
    }

    private static void accumulate(Call call, Workshop shop) {
        Buffer target = call.input(0);
        if (target.size() > 0) {
            shop.launch(
                    MODULE,
                    Workshop.kernel("Accumulate", target.type().dtype()),
                    Grid.elements(target.size()),
                    shop.arguments()
                            .address(address(target))
                            .address(address(call.input(1)))
                            .number(target.size()));
        }
    }

    private static void tallyLoss(Call call, Workshop shop) {
        shop.launch(
                MODULE,
                "tally_loss",
                Grid.single(),
                shop.arguments()
                        .address(address(call.input(0)))
                        .address(address(call.input(1)))
                        .address(address(call.input(2)))
                        .number(Math.toIntExact(call.input(1).size())));
    }

    private static void scaleAndClip(ScaleAndClip op, Call call, Workshop shop) {
        Buffer health = call.input(1);
        shop.launch(
                MODULE,
                "scale_and_clip",
                Grid.one(),
                shop.arguments()
                        .address(address(call.input(0)))
                        .address(address(health))
                        .number(health.type().shape().dim(0))
                        .number(op.scaling().growth())
                        .number(op.scaling().backoff())
                        .number((double) op.scaling().interval())
                        .number(op.maxNorm())
                        .number(op.divisor()));
    }

    private static void averageWeights(double decay, Call call, Workshop shop) {
        Buffer average = call.input(0);
        if (average.size() > 0) {
            shop.launch(
                    MODULE,
                    Workshop.kernel("AverageWeights", average.type().dtype()),
                    Grid.elements(average.size()),
                    shop.arguments()
                            .address(address(average))
                            .address(address(call.input(1)))
                            .address(address(call.input(2)))
                            .number(average.size())
                            .number(decay));
        }
    }

    private static void addNoise(AddNoise op, Call call, Workshop shop) {
        Buffer gradients = call.input(0);
        DType dtype = gradients.type().dtype();
        for (int i = 0; i < op.segments().count(); i++) {
            Segment segment = op.segments().list().get(i);
            shop.launch(
                    MODULE,
                    Workshop.kernel(op.name(), dtype),
                    Grid.elements(segment.size()),
                    shop.arguments()
                            .address(address(gradients) + segment.offset() * dtype.bytes())
                            .address(address(call.input(1)))
                            .number(segment.size())
                            .number(op.draws().get(i).seed())
                            .number(op.draws().get(i).stream())
                            .number(op.noise().variance())
                            .number(op.noise().decay()));
        }
    }

    static void gradientHealth(GradientHealth op, Call call, Workshop shop) {
        Squares squares = squares(call.input(0), op.segments(), shop);
        int segments = op.segments().count();
        if (segments > 0) {
            shop.launch(
                    MODULE,
                    "gradient_health",
                    Grid.elements(segments),
                    squares.arguments(shop.arguments())
                            .address(address(call.output()))
                            .number(segments));
        }
    }

    /** Sums of squares of chunks, and which belong to which parameter. */
    record Squares(long address, long first) {
        /** Arguments with both. */
        Arguments arguments(Arguments arguments) {
            return arguments.address(address).address(first);
        }
    }

    /** Sums the squares of a block's parameters, chunk by chunk. */
    static Squares squares(Buffer block, Segments segments, Workshop shop) {
        Chunks chunks = Chunks.of(segments, CHUNK);
        long sums = shop.scratch((long) Double.BYTES * Math.max(1, chunks.count()));
        if (chunks.count() > 0) {
            shop.launch(
                    MODULE,
                    Workshop.kernel("ChunkSquares", block.type().dtype()),
                    Grid.blocksOf(chunks.count()),
                    shop.arguments()
                            .address(address(block))
                            .address(shop.constant(chunks.structs(shop.arena())))
                            .address(sums)
                            .number(chunks.count()));
        }
        return new Squares(sums, shop.constant(chunks.firsts()));
    }
}
