package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Named;

/** A number per row: any integer, float or boolean column. */
@Named("numeric")
@Doc("A number per row: any integer, float or boolean column.")
public record NumericFeature(
        @Doc("The column with the numbers.") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column,

        @Doc(
                "none takes the number as it is, standardize makes it zero-mean and unit-variance over the stream so far, log1p takes sign(x) log(1 + |x|).")
        @Default("none")
        NumericScale scale,

        @Doc("The number that counts in place of a null.") @Default("0")
        double missing)
        implements FeatureSettings {}
