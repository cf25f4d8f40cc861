package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepAllocationTest {
    /** However busy the machine is, no step runs while it waits for its compiled form. */
    private static final List<String> COMPILE_FIRST = List.of("-Xbatch");

    @ParameterizedTest
    @EnumSource
    void aReplayedStepAllocatesNothing(AllocationCase network) throws Exception {
        assertThat(FreshJvm.run(COMPILE_FIRST, StepAllocationProbe.class, network.name()))
                .as("bytes of steps, once compiled")
                .isEqualTo("0");
    }
}
