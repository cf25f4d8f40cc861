package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** Dynamic loss scaling for fp16. */
@Doc("Dynamic loss scaling for fp16.")
public record LossScaleSettings(
        @Doc("The first scale.") @Default("65536") @Range(min = 1)
        double initial,

        @Doc("The factor after an interval without overflow.") @Default("2") @Range(above = 1)
        double growth,

        @Doc("The factor after an overflow.") @Default("0.5") @Range(above = 0, below = 1)
        double backoff,

        @Doc("Steps without overflow before the scale grows.") @Default("2000") @Range(min = 1, max = Integer.MAX_VALUE)
        int interval) {}
