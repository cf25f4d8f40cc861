package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.InputPart.LookedUp;
import io.gradstream.autodiff.nn.InputPart.Numbers;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputPartTest {
    private static final Categorical SITE = new Categorical("site", 10, 4);

    @Test
    void joinsNumbersThatAreNeighbours() {
        assertThat(InputPart.of(List.of(
                        new Numeric("a"),
                        new Numeric("b"),
                        SITE,
                        new Numeric("c"),
                        new Numeric("d"),
                        new Numeric("e"))))
                .containsExactly(new Numbers(0, 2), new LookedUp(SITE), new Numbers(2, 5));
        assertThat(InputPart.of(List.of(SITE, new Numeric("a"))))
                .containsExactly(new LookedUp(SITE), new Numbers(0, 1));
    }
}
