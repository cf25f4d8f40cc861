package io.gradstream.load.peer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A linear model of numbers and of single categories: the part {@code name} of a model. */
record PeerFirstOrder(String name, PeerInputs inputs, int outputs) {
    void declare(PeerParameters parameters) {
        parameters.trained(name + ".bias", outputs);
        if (inputs.denseColumns() > 0) {
            parameters.trained(name + ".numeric.weight", outputs, inputs.denseColumns());
        }
        inputs.ids().forEach(column -> parameters.table(table(column), column.buckets(), outputs));
    }

    Tensor forward(PeerBatch batch, PeerWeights weights) {
        Tensor sum = weights.get(name + ".bias");
        if (inputs.denseColumns() > 0) {
            sum = torch.linear(batch.dense(), weights.get(name + ".numeric.weight"))
                    .add(sum);
        }
        for (PeerInput.Ids column : inputs.ids()) {
            sum = sum.add(inputs.lookup(column, weights.get(table(column)), batch, weights));
        }
        return sum;
    }

    private String table(PeerInput.Ids column) {
        return name + ".embedding." + column.name() + ".weight";
    }
}
