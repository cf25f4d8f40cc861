package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;

/** Categories in order of time per row, the newest last. */
@Named("sequence")
@Doc(
        "Categories in order of time per row, the newest last: a list column. gru and transformer look at their order, other models at"
                + " the mean of their vectors.")
public record SequenceFeature(
        @Doc("The column with the lists of categories.") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column,

        @Doc("How many buckets the categories are hashed to.") @Default("100000") @Range(min = 1, max = 1 << 30)
        int buckets,

        @Doc("The length of a bucket's vector.") @Default("16") @Range(min = 1, max = 65536)
        int dimension,

        @Doc("How many items enter the model: the newest of a longer list; a shorter one is padded and masked.")
        @Default("32")
        @Range(min = 1, max = 65536)
        int length)
        implements FeatureSettings {}
