package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;

/** Any number of categories per row, whose vectors are combined to one. */
@Named("bag")
@Doc("Any number of categories per row: a list column. The vectors of its categories are combined to one.")
public record BagFeature(
        @Doc("The column with the lists of categories.") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column,

        @Doc("How many buckets the categories are hashed to.") @Default("100000") @Range(min = 1, max = 1 << 30)
        int buckets,

        @Doc("The length of a bucket's vector.") @Default("16") @Range(min = 1, max = 65536)
        int dimension,

        @Doc("How the vectors of a row's categories become one.") @Default("mean")
        BagCombine combine)
        implements FeatureSettings {}
