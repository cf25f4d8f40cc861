package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.AdagradUpdate;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.FtrlUpdate;
import io.gradstream.autodiff.op.LionUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import io.gradstream.autodiff.op.RmspropUpdate;
import io.gradstream.autodiff.op.SgdUpdate;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Optimizer steps on flat blocks: {@code update.cu} and {@code quantized.cu}. */
final class UpdateWork {
    private static final String MODULE = "update";
    /** How many blocks of moments the kernels take. */
    private static final int MOMENTS = 3;

    private static final int SETTINGS = 6;
    static final long CHANGE = 2L * Double.BYTES;

    private UpdateWork() {}

    /** The operands of an update by name. */
    record Operands(Buffer parameters, Buffer gradients, Buffer control, Buffer statistics) {
        static Operands of(OptimizerUpdate op, Call call) {
            return new Operands(
                    call.input(0), call.input(1), call.input(2 + op.moments()), call.input(3 + op.moments()));
        }
    }

    static void add(OptimizerUpdate op, boolean clears, Call call, Workshop shop) {
        switch (op) {
            case ElementwiseUpdate update -> elementwise(update, clears, call, shop);
            case QuantizedAdamUpdate update -> quantizedAdam(update, call, shop);
            case AdafactorUpdate update -> AdafactorWork.add(update, Operands.of(update, call), call.input(2), shop);
        }
    }

    private static void elementwise(ElementwiseUpdate op, boolean clears, Call call, Workshop shop) {
        Operands operands = Operands.of(op, call);
        Chunks chunks = Chunks.of(op.segments(), StepWork.CHUNK);
        Chunks all =
                clears ? chunks.withPadding(op.segments(), operands.gradients().size(), StepWork.CHUNK) : chunks;
        if (all.count() > 0) {
            long changes = shop.scratch(CHANGE * all.count());
            Arguments arguments =
                    shop.arguments().address(address(operands.parameters())).address(address(operands.gradients()));
            moments(op, call, arguments);
            shop.launch(
                    MODULE,
                    "update_" + rule(op, operands.parameters().type().dtype()),
                    Grid.blocksOf(all.count()),
                    arguments
                            .address(address(operands.control()))
                            .address(shop.constant(all.structs(shop.arena())))
                            .address(changes)
                            .number(all.count())
                            .flag(clears)
                            .struct(settings(op, shop.arena())));
            statistics(chunks, changes, operands, shop);
        }
    }

    private static void statistics(Chunks chunks, long changes, Operands operands, Workshop shop) {
        int segments = chunks.first().size() - 1;
        if (segments > 0) {
            shop.launch(
                    MODULE,
                    "update_statistics",
                    Grid.elements(segments),
                    shop.arguments()
                            .address(changes)
                            .address(shop.constant(chunks.firsts()))
                            .address(address(operands.statistics()))
                            .number(segments));
        }
    }

    /** Adds the places of the moments that a rule has, and none for those it has not. */
    static void moments(ElementwiseUpdate op, Call call, Arguments arguments) {
        for (int i = 0; i < MOMENTS; i++) {
            arguments.address(i < op.moments() ? address(call.input(2 + i)) : 0);
        }
    }

    /** The name that a rule has among the kernels, with an element type. */
    static String rule(ElementwiseUpdate op, DType dtype) {
        String name = op.name();
        return Workshop.kernel(name.substring(0, name.length() - "Update".length()), dtype);
    }

    /** What a rule was made with. */
    static MemorySegment settings(ElementwiseUpdate op, Arena arena) {
        return switch (op) {
            case SgdUpdate sgd ->
                settings(arena, sgd.momentum(), sgd.dampening(), sgd.nesterov() ? 1 : 0, sgd.weightDecay());
            case AdamUpdate adam ->
                settings(
                        arena,
                        adam.beta1(),
                        adam.beta2(),
                        adam.epsilon(),
                        adam.weightDecay(),
                        adam.decoupled() ? 1 : 0);
            case AdagradUpdate adagrad ->
                settings(arena, adagrad.rateDecay(), adagrad.weightDecay(), adagrad.initial(), adagrad.epsilon());
            case RmspropUpdate rmsprop ->
                settings(
                        arena,
                        rmsprop.alpha(),
                        rmsprop.epsilon(),
                        rmsprop.weightDecay(),
                        rmsprop.momentum(),
                        rmsprop.centered() ? 1 : 0);
            case LionUpdate lion -> settings(arena, lion.beta1(), lion.beta2(), lion.weightDecay());
            case FtrlUpdate ftrl -> settings(arena, ftrl.beta(), ftrl.l1(), ftrl.l2());
        };
    }

    static MemorySegment settings(Arena arena, double... values) {
        MemorySegment struct = arena.allocate(JAVA_DOUBLE, SETTINGS);
        MemorySegment.copy(values, 0, struct, JAVA_DOUBLE, 0, values.length);
        return struct;
    }

    private static void quantizedAdam(QuantizedAdamUpdate op, Call call, Workshop shop) {
        Operands operands = Operands.of(op, call);
        Chunks chunks = Chunks.of(op.segments(), QuantizedAdamUpdate.BLOCK);
        if (chunks.count() > 0) {
            long changes = shop.scratch(CHANGE * chunks.count());
            shop.launch(
                    "quantized",
                    Workshop.kernel(
                            "QuantizedAdam", operands.parameters().type().dtype()),
                    Grid.blocksOf(chunks.count()),
                    shop.arguments()
                            .address(address(operands.parameters()))
                            .address(address(operands.gradients()))
                            .address(address(call.input(2)))
                            .address(address(call.input(3)))
                            .address(address(call.input(4)))
                            .address(address(call.input(5)))
                            .address(address(operands.control()))
                            .address(shop.constant(chunks.structs(shop.arena())))
                            .address(changes)
                            .number(chunks.count())
                            .struct(settings(shop.arena(), op.beta1(), op.beta2(), op.epsilon(), op.weightDecay())));
            statistics(chunks, changes, operands, shop);
        }
    }
}
