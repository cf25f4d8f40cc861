package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import org.junit.jupiter.api.Test;

class StepAllocationTest {
    @Test
    void aReplayedStepAllocatesNothing() throws Exception {
        assertThat(FreshJvm.run(StepAllocationProbe.class))
                .as("bytes of steps, once compiled")
                .isEqualTo("0");
    }
}
