package io.gradstream.autodiff.op;

import java.util.List;

/** The walk of an {@link ElementwiseUpdate}: its rule for one element after the other. */
final class ElementwiseWalk extends UpdateWalk {

    private final ElementRule rule;
    private final double[] moments;

    ElementwiseWalk(ElementwiseUpdate op, List<? extends Elements> operands) {
        super(op, operands);
        rule = op.rule();
        moments = new double[op.moments()];
    }

    @Override
    void begin(double learningRate, double step) {
        rule.begin(learningRate, step);
    }

    @Override
    double update(int row, Segment segment) {
        double squaredUpdate = 0;
        for (long i = segment.offset(); i < segment.end(); i++) {
            for (int moment = 0; moment < moments.length; moment++) {
                moments[moment] = state(moment).get(i);
            }
            squaredUpdate += move(i, rule.update(parameter(i), gradient(i), moments));
            for (int moment = 0; moment < moments.length; moment++) {
                state(moment).set(i, moments[moment]);
            }
        }
        return squaredUpdate;
    }
}
