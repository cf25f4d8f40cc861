package io.gradstream.autodiff.step;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.AdagradUpdate;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.FtrlUpdate;
import io.gradstream.autodiff.op.LionUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import io.gradstream.autodiff.op.RmspropUpdate;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.SgdUpdate;
import java.util.List;

/** The operation of every optimizer. */
final class OptimizerUpdates {
    private OptimizerUpdates() {}

    /** The update of some parameters of a block, each of which is a segment. */
    static OptimizerUpdate of(OptimizerSpec spec, List<ParameterSpec> parameters, Segments segments) {
        return switch (spec) {
            case OptimizerSpec.Sgd sgd ->
                new SgdUpdate(sgd.momentum(), sgd.dampening(), sgd.nesterov(), sgd.weightDecay(), segments);
            case OptimizerSpec.Adam adam ->
                new AdamUpdate(
                        adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), adam.decoupled(), segments);
            case OptimizerSpec.Adagrad adagrad ->
                new AdagradUpdate(
                        adagrad.rateDecay(), adagrad.weightDecay(), adagrad.initial(), adagrad.epsilon(), segments);
            case OptimizerSpec.Rmsprop rmsprop ->
                new RmspropUpdate(
                        rmsprop.alpha(),
                        rmsprop.epsilon(),
                        rmsprop.weightDecay(),
                        rmsprop.momentum(),
                        rmsprop.centered(),
                        segments);
            case OptimizerSpec.Lion lion -> new LionUpdate(lion.beta1(), lion.beta2(), lion.weightDecay(), segments);
            case OptimizerSpec.Adafactor adafactor ->
                new AdafactorUpdate(
                        adafactor.decay(),
                        adafactor.epsilon1(),
                        adafactor.epsilon2(),
                        adafactor.threshold(),
                        adafactor.weightDecay(),
                        rows(parameters),
                        segments);
            case OptimizerSpec.QuantizedAdam adam ->
                new QuantizedAdamUpdate(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), segments);
            case OptimizerSpec.Ftrl ftrl -> new FtrlUpdate(ftrl.beta(), ftrl.l1(), ftrl.l2(), segments);
        };
    }

    /** The rows of every parameter seen as a matrix whose columns are its last axis. */
    private static List<Integer> rows(List<ParameterSpec> parameters) {
        return parameters.stream().map(parameter -> rows(parameter.shape())).toList();
    }

    private static int rows(Shape shape) {
        return shape.rank() < 2 ? 1 : Math.toIntExact(shape.size() / shape.dim(-1));
    }
}
