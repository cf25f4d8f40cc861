package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanAllocationTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cpu without native code"})
    void allocatesNothingWhenItRuns(String device) throws Exception {
        assertThat(FreshJvm.run(FreshJvm.COMPILE_FIRST, AllocationProbe.class, device))
                .as("bytes of runs, once compiled")
                .isEqualTo("0");
    }
}
