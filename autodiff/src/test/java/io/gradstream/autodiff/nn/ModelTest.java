package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.tape.Tape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final List<InputColumn> COLUMNS = List.of(
            new Numeric("age"),
            new Categorical("site", 10, 4),
            new Numeric("price"),
            new Numeric("count"),
            new Bag("tags", 20, 3, Combine.MEAN));

    @Test
    void declaresTablesInTheOrderOfColumnsAndThenLayers() {
        Model model = new Model(new ModelSpec(COLUMNS, new Architecture.Mlp(List.of(8, 6), Activation.RELU), 2));

        assertThat(model.parameters())
                .extracting(ParameterSpec::name, ParameterSpec::shape)
                .containsExactly(
                        tuple("embedding.site.weight", 10, 4),
                        tuple("embedding.tags.weight", 20, 3),
                        tuple("mlp.0.weight", 8, 10),
                        tuple("mlp.0.bias", 8),
                        tuple("mlp.1.weight", 6, 8),
                        tuple("mlp.1.bias", 6),
                        tuple("mlp.2.weight", 2, 6),
                        tuple("mlp.2.bias", 2));
    }

    @Test
    void namesTheParametersOfALinearModel() {
        Model model = new Model(new ModelSpec(COLUMNS.subList(0, 1), new Architecture.Linear(), 1));

        assertThat(model.parameters())
                .extracting(ParameterSpec::name, ParameterSpec::shape)
                .containsExactly(tuple("linear.weight", 1, 1), tuple("linear.bias", 1));
        assertThat(model.dependsOnMode()).isFalse();
    }

    @Test
    void sharesAParameterThatIsAskedForAgain() {
        Parameters parameters = Parameters.on(Tape.recording(), 7, Mode.TRAINING);
        Initializer zeros = new Initializer.Constant(0);

        assertThat(parameters.in("a").get("w", Shape.of(3), zeros))
                .isSameAs(parameters.get("a.w", Shape.of(3), zeros))
                .isSameAs(parameters.in(Mode.EVALUATION).get("a.w", Shape.of(3), zeros));
        assertThatThrownBy(() -> parameters.get("a.w", Shape.of(4), zeros))
                .hasMessage("parameters of one name must be alike: name=a.w first=TRAINED[3] then=TRAINED[4]");
        assertThatThrownBy(() -> parameters.state("a.w", Shape.of(3), zeros))
                .hasMessage("parameters of one name must be alike: name=a.w first=TRAINED[3] then=STATE[3]");
    }

    private static org.assertj.core.groups.Tuple tuple(String name, int... dims) {
        return org.assertj.core.groups.Tuple.tuple(name, new Shape(dims));
    }
}
