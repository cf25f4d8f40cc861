package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;

/** A category per row, hashed to a bucket that has a learned vector. */
@Named("categorical")
@Doc("A category per row: a string, integer or dictionary column, hashed to a bucket that has a learned vector.")
public record CategoricalFeature(
        @Doc("The column with the categories.") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column,

        @Doc("How many buckets the categories are hashed to.") @Default("100000") @Range(min = 1, max = 1 << 30)
        int buckets,

        @Doc("The length of a bucket's vector.") @Default("16") @Range(min = 1, max = 65536)
        int dimension)
        implements FeatureSettings {}
