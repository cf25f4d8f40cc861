package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.NotEmpty;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Secrets;
import io.gradstream.config.yaml.Tagged;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model and where its first weights come from. */
@Tagged("type")
public sealed interface ModelSettings {
    /** How many numbers the model predicts per row. */
    int outputs();

    /** A safetensors file with the first weights, by parameter name. */
    Optional<Path> warmStart();

    /** Adapters of low rank, if the model's own parameters are frozen. */
    Optional<LowRankSettings> lowRank();

    /** One linear map from the inputs to the outputs. */
    @Named("linear")
    @Doc("One linear map from the inputs to the outputs.")
    record Linear(
            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {}

    /** Linear maps with a function between them. */
    @Named("mlp")
    @Doc("A multi-layer perceptron: linear maps with a function between them.")
    record Mlp(
            @Doc("The widths of the hidden layers.") @NotEmpty
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc(
                    "What brings the units of a hidden layer to one scale: over the rows of a micro-batch or the units of a row.")
            @Default("none")
            Normalization normalization,

            @Doc("The share of hidden units that is dropped while training.") @Default("0") @Range(min = 0, max = 0.99)
            double dropout,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Mlp {
            hidden = List.copyOf(hidden);
        }
    }

    /** A linear model that remembers and a network that generalizes, added. */
    @Named("wide-deep")
    @Doc("A linear model that remembers and a network that generalizes, added.")
    record WideDeep(
            @Doc("The widths of the network.") @Default("[256, 128]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public WideDeep {
            hidden = List.copyOf(hidden);
        }
    }

    /** A factorization machine and a network over the same embeddings, which have one dimension. */
    @Named("deepfm")
    @Doc("A factorization machine and a network over the same embeddings, which have one dimension.")
    record DeepFm(
            @Doc("The widths of the network.") @Default("[256, 128]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public DeepFm {
            hidden = List.copyOf(hidden);
        }
    }

    /** Embeddings of one dimension and a network over the numeric columns, which interact by their dot products. */
    @Named("dlrm")
    @Doc("Embeddings of one dimension and a network over the numeric columns, which interact by their dot products.")
    record Dlrm(
            @Doc(
                    "The widths of the network over the numeric columns, before its last layer, which has the dimension of the embeddings.")
            @Default("[128]")
            List<@Range(min = 1, max = 1 << 20) Integer> bottom,

            @Doc("The widths of the network over the interactions.") @Default("[256, 128]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Dlrm {
            hidden = List.copyOf(hidden);
            bottom = List.copyOf(bottom);
        }
    }

    /** Cross layers, which multiply the inputs with themselves, beside a network. */
    @Named("dcn")
    @Doc("Cross layers, which multiply the inputs with themselves, beside a network.")
    record Dcn(
            @Doc("How many cross layers.") @Default("2") @Range(min = 1, max = 64)
            int layers,

            @Doc("How a cross layer weighs its input: by a matrix as in version 2, or by a vector as in version 1.")
            @Default("matrix")
            CrossForm form,

            @Doc("The widths of the network beside them; [] leaves it out.") @Default("[256, 128]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Dcn {
            hidden = List.copyOf(hidden);
        }
    }

    /** A recurrent layer over every sequence column, whose last state stands beside the other columns before a network. */
    @Named("gru")
    @Doc(
            "A recurrent layer over every sequence column, whose last state stands beside the other columns before a network.")
    record Gru(
            @Doc("The length of the recurrent state.") @Default("64") @Range(min = 1, max = 65536)
            int units,

            @Doc("Items that derivatives flow back through; 0 for all.") @Default("0") @Range(min = 0, max = 1 << 20)
            int truncate,

            @Doc("The widths of the network.") @Default("[64]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Gru {
            hidden = List.copyOf(hidden);
        }
    }

    /** Transformer blocks over every sequence column, whose newest item stands beside the other columns before a network. */
    @Named("transformer")
    @Doc(
            "Transformer blocks over every sequence column, whose newest item stands beside the other columns before a network.")
    record Transformer(
            @Doc("How many blocks.") @Default("2") @Range(min = 1, max = 1024)
            int layers,

            @Doc("How many heads an attention has; they share the dimension of the column.")
            @Default("4")
            @Range(min = 1, max = 1024)
            int heads,

            @Doc("The width within the blocks' networks.") @Default("128") @Range(min = 1, max = 1 << 20)
            int feedForward,

            @Doc("The share of what each branch adds that is dropped while training.")
            @Default("0")
            @Range(min = 0, max = 0.99)
            double dropout,

            @Doc("The widths of the network.") @Default("[64]")
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Transformer {
            hidden = List.copyOf(hidden);
        }
    }

    /** A network that narrows a row and makes it again; how badly that goes is loss and anomaly score at once. */
    @Named("autoencoder")
    @Doc(
            "A network that narrows a row and makes it again; how badly that goes is loss and anomaly score at once. It needs loss:"
                    + " reconstruction and no label.")
    record Autoencoder(
            @Doc("The widths from the inputs to the narrowest layer; the way back mirrors them.")
            @Default("[64, 8]")
            @NotEmpty
            List<@Range(min = 1, max = 1 << 20) Integer> hidden,

            @Doc("The function behind each hidden layer.") @Default("relu")
            Activation activation,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Autoencoder {
            hidden = List.copyOf(hidden);
        }

        @Override
        public int outputs() {
            return 1;
        }
    }

    /** A model in a Java class of the user's. */
    @Named("custom")
    @Doc("A model in a Java class of yours, see custom-model.md.")
    record Custom(
            @Named("class")
            @Doc("The class, which implements io.gradstream.autodiff.nn.Network.")
            @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
            String className,

            @Doc("The jar that has the class and what it needs beyond Gradstream.")
            Path jar,

            @Doc("The hash that the jar must have, if given: 64 hexadecimal digits, as sha256sum prints them.")
            Optional<Sha256> sha256,

            @Doc("What the class's constructor is given.") @Default("{}")
            Map<String, String> options,

            @Doc("How many numbers the model predicts per row: classes for cross-entropy, else 1.")
            @Default("1")
            @Range(min = 1, max = 1 << 20)
            int outputs,

            @Doc("A safetensors file with the first weights, by parameter name.")
            Optional<Path> warmStart,

            @Doc("Adapters of low rank for every linear layer; the weights of warmStart are then frozen.")
            Optional<LowRankSettings> lowRank)
            implements ModelSettings {
        public Custom {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }

        @Override
        public String toString() {
            return "Custom[className=" + className + ", jar=" + jar + ", sha256=" + sha256 + ", options="
                    + Secrets.masked(options) + ", outputs=" + outputs + ", warmStart=" + warmStart + ", lowRank="
                    + lowRank + "]";
        }
    }
}
