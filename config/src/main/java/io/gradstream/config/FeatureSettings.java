package io.gradstream.config;

import io.gradstream.config.yaml.Tagged;

/** One input of the model, made from one column. */
@Tagged("type")
public sealed interface FeatureSettings permits NumericFeature, CategoricalFeature, BagFeature, SequenceFeature {
    /** The column it is read from. */
    String column();
}
