package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanAllocationTest {
    private static final long VECTOR_BYTES = 96;

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void allocatesNothingWhenItRuns(String device) throws Exception {
        assertThat(bytesPerRun(device, 0)).isZero();
    }

    /** Without native code the compiler sometimes leaves a few vectors of a replay on the heap; never a tensor. */
    @Test
    void allocatesAFewVectorsAtMostWithoutNativeCode() throws Exception {
        assertThat(bytesPerRun("cpu without native code", 100 * VECTOR_BYTES)).isLessThanOrEqualTo(100 * VECTOR_BYTES);
    }

    private static long bytesPerRun(String device, long accepted) throws Exception {
        return Long.parseLong(FreshJvm.run(AllocationProbe.class, device, Long.toString(accepted)));
    }
}
