package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Later;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.NotEmpty;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Tagged;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The model and where its first weights come from. */
@Tagged("type")
@Later({"wide-deep", "deepfm", "dlrm", "dcn", "gru", "transformer", "autoencoder", "custom"})
public sealed interface ModelSettings {
    /** How many numbers the model predicts per row. */
    int outputs();

    /** A safetensors file with the first weights, by parameter name. */
    Optional<Path> warmStart();

    /** One linear map from the inputs to the outputs. */
    @Named("linear")
    @Doc("One linear map from the inputs to the outputs.")
    record Linear(
            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart)
            implements ModelSettings {}

    /** Linear maps with a function between them. */
    @Named("mlp")
    @Doc("A multi-layer perceptron: linear maps with a function between them.")
    record Mlp(
            @Doc("The widths of the hidden layers.") @NotEmpty
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart)
            implements ModelSettings {
        public Mlp {
            hidden = List.copyOf(hidden);
        }
    }
}
