package io.gradstream.config;

import io.gradstream.config.yaml.Later;
import io.gradstream.config.yaml.Tagged;

/** One input of the model, made from one column. */
@Tagged("type")
@Later({"sequence"})
public sealed interface FeatureSettings permits NumericFeature, CategoricalFeature, BagFeature {
    /** The column it is read from. */
    String column();
}
