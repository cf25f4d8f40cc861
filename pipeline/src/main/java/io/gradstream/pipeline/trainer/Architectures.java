package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Autoencoder;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.Custom;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.DeepFm;
import io.gradstream.autodiff.nn.Dlrm;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.nn.WideDeep;
import io.gradstream.config.CrossForm;
import io.gradstream.config.ModelSettings;

/** The engine's architectures by the configuration's names. */
final class Architectures {
    private Architectures() {}

    static Architecture of(ModelSettings settings) {
        return switch (settings) {
            case ModelSettings.Linear _ -> new Architecture.Linear();
            case ModelSettings.Mlp model ->
                new Architecture.Mlp(
                        model.hidden(),
                        activation(model.activation()),
                        normalization(model.normalization()),
                        model.dropout());
            case ModelSettings.WideDeep model -> new WideDeep(model.hidden(), activation(model.activation()));
            case ModelSettings.DeepFm model -> new DeepFm(model.hidden(), activation(model.activation()));
            case ModelSettings.Dlrm model -> new Dlrm(model.bottom(), model.hidden(), activation(model.activation()));
            case ModelSettings.Dcn model ->
                new DeepCross(model.layers(), form(model.form()), model.hidden(), activation(model.activation()));
            case ModelSettings.Gru model ->
                new GruModel(
                        model.units(),
                        new Truncation(model.truncate()),
                        model.hidden(),
                        activation(model.activation()));
            case ModelSettings.Transformer model ->
                new TransformerModel(
                        model.layers(),
                        model.heads(),
                        model.feedForward(),
                        model.dropout(),
                        model.hidden(),
                        activation(model.activation()));
            case ModelSettings.Autoencoder model -> new Autoencoder(model.hidden(), activation(model.activation()));
            case ModelSettings.Custom model ->
                new Custom(
                        model.className(),
                        CustomModels.load(
                                ModelJar.admit(model.jar(), model.sha256()), model.className(), model.options()));
        };
    }

    private static Cross.Form form(CrossForm form) {
        return switch (form) {
            case MATRIX -> Cross.Form.MATRIX;
            case VECTOR -> Cross.Form.VECTOR;
        };
    }

    private static Normalization normalization(io.gradstream.config.Normalization normalization) {
        return switch (normalization) {
            case NONE -> Normalization.NONE;
            case BATCH -> Normalization.BATCH;
            case LAYER -> Normalization.LAYER;
        };
    }

    private static Activation activation(io.gradstream.config.Activation activation) {
        return switch (activation) {
            case RELU -> Activation.RELU;
            case LEAKY_RELU -> Activation.LEAKY_RELU;
            case ELU -> Activation.ELU;
            case SIGMOID -> Activation.SIGMOID;
            case TANH -> Activation.TANH;
            case GELU -> Activation.GELU;
            case SILU -> Activation.SILU;
            case SOFTPLUS -> Activation.SOFTPLUS;
        };
    }
}
