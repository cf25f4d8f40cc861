package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterStoreTest {
    private static final List<ParameterSpec> PARAMETERS = List.of(
            parameter("base", Kind.FROZEN, 1000, 1000),
            parameter("down", Kind.TRAINED, 4, 1000),
            parameter("mean", Kind.STATE, 1000),
            parameter("up", Kind.TRAINED, 1000, 4));

    @Test
    void keepsNoGradientsForRowsThatLearnOneAfterTheOther() {
        List<String> names = new ArrayList<>();
        try (Device device = Devices.one();
                ParameterStore store = new ParameterStore(
                        device, PARAMETERS, OptimizerSpec.Sgd.plain(), Map.of(), List.of(), false, Updates.ROW)) {
            store.forEach((name, buffer) -> names.add(name));
            assertThatIllegalStateException().isThrownBy(store::gradients).withMessage("rows learn without gradients");
        }
        assertThat(names).noneMatch(name -> name.startsWith(ParameterStore.GRADIENT));
    }

    @Test
    void keepsNoGradientAndNoMomentsOfWhatIsNotTrained() {
        List<String> names = new ArrayList<>();
        try (Device device = Devices.one();
                ParameterStore store = new ParameterStore(
                        device, PARAMETERS, OptimizerSpec.Adam.usual(), Map.of(), List.of(), false, Updates.STEP)) {
            store.forEach((name, buffer) -> names.add(name));
            assertThat(store.gradients().size()).isEqualTo(8000);
            assertThat(store.denseState(0)).extracting(Buffer::size).containsExactly(8000L, 8000L);
        }
        assertThat(names)
                .containsExactly(
                        "parameter.base",
                        "parameter.down",
                        "parameter.mean",
                        "parameter.up",
                        "gradient.down",
                        "gradient.up",
                        "moment.0.down",
                        "moment.0.up",
                        "moment.1.down",
                        "moment.1.up");
    }

    @Test
    void givesEveryParameterAPlaceOfItsOwn() {
        try (Device device = Devices.one();
                ParameterStore store = new ParameterStore(
                        device, PARAMETERS, OptimizerSpec.Sgd.plain(), Map.of(), List.of(), false, Updates.STEP)) {
            assertThat(store.values().sequencedKeySet()).containsExactly("base", "down", "mean", "up");
            List<Buffer> places = List.copyOf(store.values().values());
            for (Buffer one : places) {
                for (Buffer other : places) {
                    assertThat(one == other || one.memory() != other.memory() || one.offset() != other.offset())
                            .isTrue();
                }
            }
        }
    }

    private static ParameterSpec parameter(String name, Kind kind, int... dims) {
        return new ParameterSpec(name, Shape.of(dims), new Initializer.Constant(1), kind);
    }
}
