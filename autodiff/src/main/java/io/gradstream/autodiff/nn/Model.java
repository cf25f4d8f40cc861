package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A model made from its spec: the parameters it has, and the recording of its forward pass. */
public final class Model {
    private final ModelSpec spec;
    private final List<ParameterSpec> parameters = new ArrayList<>();

    public Model(ModelSpec spec) {
        this.spec = spec;
        for (InputColumn input : spec.inputs()) {
            switch (input) {
                case Numeric _ -> {}
                case Categorical column -> addTable(column.name(), column.buckets(), column.dimension());
                case Bag column -> addTable(column.name(), column.buckets(), column.dimension());
            }
        }
        switch (spec.architecture()) {
            case Architecture.Linear() -> addLinear("linear", spec.inputWidth(), spec.outputs());
            case Architecture.Mlp mlp -> {
                int width = spec.inputWidth();
                for (int layer = 0; layer <= mlp.hidden().size(); layer++) {
                    int next = layer < mlp.hidden().size() ? mlp.hidden().get(layer) : spec.outputs();
                    addLinear("mlp." + layer, width, next);
                    width = next;
                }
            }
        }
    }

    public ModelSpec spec() {
        return spec;
    }

    /** All parameters, in the order in which a flat block holds them. */
    public List<ParameterSpec> parameters() {
        return List.copyOf(parameters);
    }

    /** Records the forward pass: F32 [rows, outputs] before any sigmoid or softmax. */
    public Tensor record(ModelInputs inputs, Function<String, Tensor> parameter) {
        Tensor x = concatenate(inputs, parameter);
        return switch (spec.architecture()) {
            case Architecture.Linear() -> linear("linear", x, parameter);
            case Architecture.Mlp mlp -> {
                for (int layer = 0; layer < mlp.hidden().size(); layer++) {
                    x = activate(mlp.activation(), linear("mlp." + layer, x, parameter));
                }
                yield linear("mlp." + mlp.hidden().size(), x, parameter);
            }
        };
    }

    private Tensor concatenate(ModelInputs inputs, Function<String, Tensor> parameter) {
        List<Tensor> parts = new ArrayList<>();
        int numerics = 0;
        int categoricals = 0;
        int bags = 0;
        for (int i = 0; i < spec.inputs().size(); i++) {
            switch (spec.inputs().get(i)) {
                case Numeric _ -> {
                    int from = numerics;
                    numerics++;
                    while (i + 1 < spec.inputs().size() && spec.inputs().get(i + 1) instanceof Numeric) {
                        numerics++;
                        i++;
                    }
                    parts.add(columns(
                            Objects.requireNonNull(inputs.dense(), "numeric columns need a dense block"),
                            from,
                            numerics));
                }
                case Categorical column -> {
                    parts.add(parameter
                            .apply(table(column.name()))
                            .embedding(inputs.ids().get(categoricals)));
                    categoricals++;
                }
                case Bag column -> {
                    ModelInputs.Bag bag = inputs.bags().get(bags);
                    parts.add(parameter
                            .apply(table(column.name()))
                            .embeddingBag(bag.ids(), bag.offsets(), column.combine()));
                    bags++;
                }
            }
        }
        return parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
    }

    private static Tensor columns(Tensor dense, int from, int to) {
        return from == 0 && to == dense.shape().dim(1) ? dense : dense.slice(1, from, to);
    }

    private static Tensor linear(String name, Tensor x, Function<String, Tensor> parameter) {
        return x.linear(parameter.apply(name + ".weight"), parameter.apply(name + ".bias"));
    }

    private static Tensor activate(Activation activation, Tensor x) {
        return switch (activation) {
            case RELU -> x.relu();
            case LEAKY_RELU -> x.leakyRelu(0.01);
            case ELU -> x.elu(1);
            case SIGMOID -> x.sigmoid();
            case TANH -> x.tanh();
            case GELU -> x.gelu();
            case SILU -> x.silu();
            case SOFTPLUS -> x.softplus();
        };
    }

    private void addTable(String column, int buckets, int dimension) {
        parameters.add(new ParameterSpec(
                table(column), Shape.of(buckets, dimension), Initializer.Normal.ofEmbedding(dimension)));
    }

    private void addLinear(String name, int inputs, int outputs) {
        Initializer initializer = Initializer.Uniform.ofLinear(inputs);
        parameters.add(new ParameterSpec(name + ".weight", Shape.of(outputs, inputs), initializer));
        parameters.add(new ParameterSpec(name + ".bias", Shape.of(outputs), initializer));
    }

    private static String table(String column) {
        return "embedding." + column + ".weight";
    }
}
