package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.InputColumn.Sequence;
import io.gradstream.autodiff.tape.Tensor;

/**
 * A linear model of numbers and of single categories: {@code numeric.weight} [outputs, numeric columns], {@code embedding.<column>.weight}
 * [buckets, outputs] and {@code bias} [outputs]. Everything begins at zero.
 */
record FirstOrder() {
    private static final Initializer ZERO = new Initializer.Constant(0);

    Tensor forward(ModelInputs inputs, Parameters parameters) {
        int outputs = inputs.outputs();
        Tensor sum = parameters.get("bias", Shape.of(outputs), ZERO);
        if (inputs.numerics().isPresent()) {
            sum = new Linear(outputs)
                    .weights((in, out) -> ZERO)
                    .withoutBias()
                    .forward(inputs.numerics().get(), parameters.in("numeric"))
                    .add(sum);
        }
        for (InputColumn column : inputs.columns()) {
            sum = switch (column) {
                case Numeric _ -> sum;
                case Categorical it ->
                    sum.add(inputs.lookup(it, weights(it.name(), it.buckets(), outputs, parameters)));
                case Bag it -> sum.add(inputs.lookup(it, weights(it.name(), it.buckets(), outputs, parameters)));
                case Sequence it -> sum.add(inputs.lookup(it, weights(it.name(), it.buckets(), outputs, parameters)));
            };
        }
        return sum;
    }

    private static Tensor weights(String column, int buckets, int outputs, Parameters parameters) {
        return parameters.in(ModelInputs.EMBEDDING).in(column).get("weight", Shape.of(buckets, outputs), ZERO);
    }
}
