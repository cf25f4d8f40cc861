package io.gradstream.pipeline;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.pipeline.batching.RowEncoder;
import io.gradstream.pipeline.features.Features;
import java.util.List;

/** The configured features, as batching wants them. */
record FeatureRows(Features features) implements RowEncoder {
    @Override
    public void encode(RowBlock block, int from, int count, MicroBatch into, Rejections rejections) {
        features.encode(block, from, count, into, rejections::reject);
    }

    @Override
    public List<NamedTensor> state() {
        return features.snapshot();
    }
}
