package io.gradstream.gpu.emulator;

import static io.gradstream.gpu.emulator.SampleCard.floats;
import static io.gradstream.gpu.emulator.SampleCard.number;
import static io.gradstream.gpu.emulator.SampleCard.pointer;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemsetD32;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.setExceptionsEnabled;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import org.junit.jupiter.api.Test;

/** What the emulator promises of kernels and memory, and that it finds what is wrong with them. */
class EmulatorTest extends EmulatedTest {

    EmulatorTest() throws IOException {}

    @Test
    void sumsWithShufflesAndSharedMemory() {
        int n = 1000;
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i % 7;
        }
        CUdeviceptr sums = card.allocate(8);

        for (int seed = 0; seed < 5; seed++) {
            emulator.set(Setting.SEED, seed);
            card.launch(stream, "sample_sum", 2, 256, pointer(card.floats(numbers)), pointer(sums), number(n));
            cuStreamSynchronize(stream);

            float[] partial = floats(sums, 2);
            assertThat(partial[0] + partial[1]).as("seed %s", seed).isEqualTo(2997);
        }
    }

    @Test
    void roundsHalvesAsJavaDoes() {
        float[] numbers = {1, 0x1.004p0f, -65504, 3e-8f, 6e-8f, 0.1f, Float.POSITIVE_INFINITY, -0f};
        short[] halves = new short[numbers.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Float.floatToFloat16(numbers[i]);
        }
        CUdeviceptr x = card.allocate(2L * halves.length);
        CUdeviceptr y = card.allocate(2L * halves.length);
        cuMemcpyHtoD(x, Pointer.to(halves), 2L * halves.length);
        card.launch(stream, "sample_halves", 1, 32, pointer(x), pointer(y), number(0.3f), number(halves.length));
        cuStreamSynchronize(stream);
        short[] products = new short[halves.length];
        cuMemcpyDtoH(Pointer.to(products), y, 2L * halves.length);

        for (int i = 0; i < halves.length; i++) {
            assertThat(products[i])
                    .as("0.3 · %s", numbers[i])
                    .isEqualTo(Float.floatToFloat16(Float.float16ToFloat(halves[i]) * 0.3f));
        }
    }

    @Test
    void roundsToBfloat16ToEven() {
        CUdeviceptr y = card.allocate(10);
        CUdeviceptr x = card.floats(1, 0x1.01p0f, 0x1.03p0f, Float.MAX_VALUE, Float.NaN);
        card.launch(stream, "sample_brains", 1, 32, pointer(x), pointer(y), number(5));
        cuStreamSynchronize(stream);
        short[] words = new short[5];
        cuMemcpyDtoH(Pointer.to(words), y, 10);

        assertThat(words).isEqualTo(new short[] {0x3f80, 0x3f80, 0x3f82, 0x7f80, 0x7fff});
    }

    @Test
    void passesStructures() {
        float[] numbers = new float[20];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        CUdeviceptr y = card.allocate(24);
        Pointer offsets = Pointer.to(new long[] {1, 5, 9, 7});
        card.launch(stream, "sample_gather", 1, 6, pointer(card.floats(numbers)), pointer(y), offsets);
        cuStreamSynchronize(stream);

        assertThat(floats(y, 6)).containsExactly(1, 5, 9, 8, 12, 16);
    }

    @Test
    void countsEveryThreadOfEveryBlock() {
        CUdeviceptr count = card.allocate(4);
        cuMemsetD32(count, 0, 1);
        cuStreamSynchronize(null);
        card.launch(stream, "sample_count", 37, 250, pointer(count));
        cuStreamSynchronize(stream);
        int[] counted = new int[1];
        cuMemcpyDtoH(Pointer.to(counted), count, 4);

        assertThat(counted[0]).isEqualTo(37 * 250);
    }

    @Test
    void memoryIsFullOfNotANumberUntilItIsWritten() {
        assertThat(floats(card.allocate(12), 3)).containsOnly(Float.NaN);
    }

    @Test
    void aMissingWaitShows() {
        CUdeviceptr y = card.floats(1);
        card.launch(stream, "sample_axpy", 1, 1, pointer(card.floats(3)), pointer(y), number(2f), number(1));

        assertThat(floats(y, 1)).containsExactly(1);
        cuStreamSynchronize(stream);
        assertThat(floats(y, 1)).containsExactly(7);
    }

    @Test
    void anOverrunIsAnIllegalAddressAndNotTheEnd() {
        CUdeviceptr x = card.floats(new float[64]);
        card.launch(stream, "sample_overrun", 1, 1, pointer(x), number(64));

        assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", () -> cuStreamSynchronize(stream));
        assertThat(emulator.failure())
                .contains(
                        "kernel=sample_overrun block=(0,0,0) thread=(0,0,0)",
                        "0 bytes behind the end of memory of 256 bytes");
        assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", () -> cuStreamSynchronize(stream));
    }

    @Test
    void aSmallOverrunShowsWhenMemoryIsFreed() {
        CUdeviceptr x = new CUdeviceptr();
        cuMemAlloc(x, 4);
        card.launch(stream, "sample_overrun", 1, 1, pointer(x), number(1));

        assertFails("CUDA_ERROR_ILLEGAL_ADDRESS", () -> cuMemFree(x));
        assertThat(emulator.failure()).startsWith("somebody wrote beside freed memory");
    }

    @Test
    void freedMemoryIsGone() {
        CUdeviceptr x = new CUdeviceptr();
        cuMemAlloc(x, 256);
        cuMemFree(x);

        assertFails("CUDA_ERROR_INVALID_VALUE", () -> cuMemFree(x));
        assertFails("CUDA_ERROR_INVALID_VALUE", () -> floats(x, 1));
        assertFails(
                "CUDA_ERROR_INVALID_VALUE", () -> card.launch(stream, "sample_overrun", 1, 1, pointer(x), number(0)));
        assertThat(emulator.failure()).contains("a pointer is not this card's", "freed memory of 256 bytes");
    }

    @Test
    void copiesStayWithinTheirMemory() {
        CUdeviceptr x = card.floats(1, 2);

        assertFails("CUDA_ERROR_INVALID_VALUE", () -> floats(x, 3));
        assertFails("CUDA_ERROR_INVALID_VALUE", () -> cuMemcpyHtoD(x.withByteOffset(4), Pointer.to(new float[2]), 8));
        assertFails("CUDA_ERROR_INVALID_VALUE", () -> cuMemsetD32(x, 0, 3));
    }

    @Test
    void aBarrierThatSomeThreadsNeverReachIsAnError() {
        CUdeviceptr x = card.floats(new float[64]);
        card.launch(stream, "sample_divergent", 1, 32, pointer(x));

        assertFails("CUDA_ERROR_LAUNCH_FAILED", () -> cuStreamSynchronize(stream));
        assertThat(emulator.failure())
                .contains("divergent barrier in kernel=sample_divergent", "32 of 32 threads wait");
    }

    @Test
    void barriersAtDifferentLinesAreAnError() {
        card.launch(stream, "sample_two_barriers", 1, 32, pointer(card.floats(new float[32])));

        assertFails("CUDA_ERROR_LAUNCH_FAILED", () -> cuStreamSynchronize(stream));
        assertThat(emulator.failure()).contains("divergent barrier", "threads wait at different lines");
    }

    @Test
    void sharedMemoryOfOneBlockIsNotThatOfTheNext() {
        CUdeviceptr x = card.allocate(256);
        card.launch(stream, "sample_unwritten", 2, 32, pointer(x));
        cuStreamSynchronize(stream);

        float[] read = floats(x, 64);
        assertThat(Arrays.copyOf(read, 32)).containsOnly(1);
        assertThat(Arrays.copyOfRange(read, 32, 64)).containsOnly(Float.NaN);
    }

    @Test
    void aSeedMakesRacesShow() {
        CUdeviceptr x = card.allocate(4);

        assertThat(IntStream.range(0, 20).map(i -> race(x)).distinct()).containsExactly(63);
        emulator.set(Setting.SEED, 7);
        assertThat(IntStream.range(0, 20).map(i -> race(x)).distinct()).hasSizeGreaterThan(5);
    }

    private int race(CUdeviceptr x) {
        card.launch(stream, "sample_race", 1, 64, pointer(x));
        cuStreamSynchronize(stream);
        int[] last = new int[1];
        cuMemcpyDtoH(Pointer.to(last), x, 4);
        return last[0];
    }

    @Test
    void refusesKernelsThatThePtxHasNot() {
        assertFails("CUDA_ERROR_NOT_FOUND", () -> card.kernel("sample_nothing"));
    }

    @Test
    void refusesPtxThatIsOlderThanItsSource() throws IOException {
        String older = SampleCard.ptx().replace(".param .u32 sample_axpy_param_3", ".param .u64 sample_axpy_param_3");
        CUmodule module = new CUmodule();
        cuModuleLoadData(module, older);

        assertFails("CUDA_ERROR_INVALID_PTX", () -> cuModuleGetFunction(new CUfunction(), module, "sample_axpy"));
        assertThat(emulator.failure()).contains("kernel=sample_axpy source=8,8,4,4 ptx=8,8,4,8");
        cuModuleUnload(module);
    }

    @Test
    void refusesPtxThatIsNewerThanTheDriver() throws IOException {
        String newer = SampleCard.ptx().replace(".version 8.0", ".version 8.1");

        assertFails("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", () -> cuModuleLoadData(new CUmodule(), newer));
    }

    @Test
    void saysWhenMemoryIsSpent() {
        emulator.set(Setting.MEMORY, emulator.count(Counter.LIVE_BYTES) + (1 << 20));
        try {
            card.allocate(600 << 10);
            assertFails("CUDA_ERROR_OUT_OF_MEMORY", () -> card.allocate(600 << 10));
        } finally {
            emulator.set(Setting.MEMORY, 8L << 30);
        }
    }

    @Test
    void refusesBlocksLargerThanTheKernelAllows() {
        CUdeviceptr x = card.floats(1);

        assertFails(
                "CUDA_ERROR_INVALID_VALUE",
                () -> card.launch(stream, "sample_sum", 1, 512, pointer(x), pointer(x), number(1)));
        assertFails("CUDA_ERROR_INVALID_VALUE", () -> card.launch(stream, "sample_count", 1, 1025, pointer(x)));
    }

    @Test
    void memoryOfOneCardIsNotThatOfAnother() throws IOException {
        CUdeviceptr ofTheFirst = card.floats(1);
        try (SampleCard second = new SampleCard(1)) {
            assertFails("CUDA_ERROR_INVALID_VALUE", () -> floats(ofTheFirst, 1));
            assertFails(
                    "CUDA_ERROR_INVALID_VALUE",
                    () -> second.launch(second.stream(), "sample_count", 1, 1, pointer(ofTheFirst)));
            assertThat(floats(second.floats(2), 1)).containsExactly(2);
        }
        card.enter();
        setExceptionsEnabled(true);
    }
}
