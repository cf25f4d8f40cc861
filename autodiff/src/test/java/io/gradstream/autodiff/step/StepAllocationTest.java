package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepAllocationTest {
    @ParameterizedTest
    @EnumSource
    void aReplayedStepAllocatesNothing(AllocationCase network) throws Exception {
        assertThat(FreshJvm.run(FreshJvm.COMPILE_FIRST, StepAllocationProbe.class, network.name()))
                .as("bytes of steps, once compiled")
                .isEqualTo("0");
    }
}
