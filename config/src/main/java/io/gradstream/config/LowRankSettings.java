package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** Adapters of low rank beside frozen weights. */
@Doc("Adapters of low rank beside frozen weights.")
public record LowRankSettings(
        @Doc("The inner width of an adapter.") @Default("8") @Range(min = 1, max = 65536)
        int rank,

        @Doc("Adapters count alpha / rank times.") @Default("16") @Range(min = 1e-6)
        double alpha,

        @Doc("lora adds the adapter to the weight; dora trains the length of the weight's rows as well.")
        @Default("lora")
        Method method) {
    /** What an adapter does. */
    public enum Method {
        LORA,
        DORA
    }
}
