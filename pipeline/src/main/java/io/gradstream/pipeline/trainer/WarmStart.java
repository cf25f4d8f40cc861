package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.connectors.topic.Dtype;
import io.gradstream.connectors.topic.NamedTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives a model weights from elsewhere, all of them or none; adapters of low rank may be missing and begin anew. */
final class WarmStart {
    private WarmStart() {}

    /**
     * @param origin where the tensors come from, for the error that lists everything that does not fit
     */
    static void load(TrainingStep step, Iterable<NamedTensor> tensors, String origin) {
        Map<String, NamedTensor> given = new LinkedHashMap<>();
        tensors.forEach(tensor -> given.put(tensor.name(), tensor));
        List<ParameterView> parameters = step.parameters();
        List<String> misfits = misfits(parameters, given);
        if (!misfits.isEmpty()) {
            throw new IllegalArgumentException(
                    "weights do not fit the model: from=" + origin + "\n  " + String.join("\n  ", misfits));
        }
        for (ParameterView parameter : parameters) {
            NamedTensor tensor = given.get(parameter.name());
            if (tensor != null) {
                step.setParameter(parameter.name(), MemorySegment.ofArray(tensor.floats()));
            }
        }
    }

    private static List<String> misfits(List<ParameterView> parameters, Map<String, NamedTensor> given) {
        List<String> misfits = new ArrayList<>();
        Map<String, NamedTensor> unknown = new LinkedHashMap<>(given);
        for (ParameterView parameter : parameters) {
            NamedTensor tensor = unknown.remove(parameter.name());
            int[] shape = parameter.shape().dims();
            if (tensor == null && LowRank.isAdapter(parameter.name())) {
                continue;
            }
            if (tensor == null) {
                misfits.add("missing: tensor=" + parameter.name() + " shape=" + Arrays.toString(shape));
            } else if (!Arrays.equals(shape, tensor.shape())) {
                misfits.add("shape differs: tensor=" + parameter.name() + " model=" + Arrays.toString(shape) + " given="
                        + Arrays.toString(tensor.shape()));
            } else if (tensor.dtype() != Dtype.F32) {
                misfits.add("element type must be F32: tensor=" + parameter.name() + " given=" + tensor.dtype());
            }
        }
        unknown.values()
                .forEach(tensor -> misfits.add(
                        "unknown to the model: tensor=" + tensor.name() + " shape=" + Arrays.toString(tensor.shape())));
        return misfits;
    }
}
