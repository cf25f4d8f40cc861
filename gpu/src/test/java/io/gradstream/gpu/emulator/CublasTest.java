package io.gradstream.gpu.emulator;

import static io.gradstream.gpu.emulator.SampleCard.floats;
import static jcuda.cudaDataType.CUDA_R_16BF;
import static jcuda.cudaDataType.CUDA_R_16F;
import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.cudaDataType.CUDA_R_64F;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasGemmStridedBatchedEx_new;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_64F;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_ALLOC_FAILED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_INVALID_VALUE;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_MAPPING_ERROR;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-in for cuBLAS multiplies, on the emulator's streams, and refuses what the library would take amiss. */
class CublasTest extends EmulatedTest {
    private static final int DEFAULT_ALGORITHM = -1;
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    private final cublasHandle handle = new cublasHandle();

    CublasTest() throws IOException {}

    @BeforeEach
    void create() {
        assertThat(cublasCreate(handle)).isZero();
        cublasSetStream(handle, new cudaStream_t(stream));
    }

    @AfterEach
    void destroy() {
        cublasDestroy(handle);
    }

    @Test
    void multipliesColumnByColumn() {
        CUdeviceptr c = card.floats(100, 100, 100, 100);
        // [1 3; 2 4] · [5 7; 6 8] · 2 + C
        int status = cublasGemmEx_new(
                handle,
                0,
                0,
                2,
                2,
                2,
                Pointer.to(new float[] {2}),
                card.floats(1, 2, 3, 4),
                CUDA_R_32F,
                2,
                card.floats(5, 6, 7, 8),
                CUDA_R_32F,
                2,
                ONE,
                c,
                CUDA_R_32F,
                2,
                CUBLAS_COMPUTE_32F,
                DEFAULT_ALGORITHM);

        assertThat(status).isZero();
        assertThat(floats(c, 4)).containsExactly(100, 100, 100, 100);
        cuStreamSynchronize(stream);
        assertThat(floats(c, 4)).containsExactly(146, 168, 162, 192);
    }

    @Test
    void multipliesTransposedBatches() {
        CUdeviceptr c = card.allocate(8);
        CUdeviceptr a = card.floats(1, 2, 3, 4, 5, 6);
        int status = cublasGemmStridedBatchedEx_new(
                handle,
                1,
                1,
                1,
                1,
                3,
                ONE,
                a,
                CUDA_R_32F,
                3,
                3,
                a,
                CUDA_R_32F,
                1,
                3,
                ZERO,
                c,
                CUDA_R_32F,
                1,
                1,
                2,
                CUBLAS_COMPUTE_32F,
                DEFAULT_ALGORITHM);
        cuStreamSynchronize(stream);

        assertThat(status).isZero();
        assertThat(floats(c, 2)).containsExactly(14, 77);
    }

    @Test
    void multipliesDoublesInDouble() {
        double[] numbers = {1 + 0x1p-40};
        CUdeviceptr a = card.allocate(8);
        CUdeviceptr c = card.allocate(8);
        cuMemcpyHtoD(a, Pointer.to(numbers), 8);
        Pointer one = Pointer.to(new double[] {1});
        cublasGemmEx_new(
                handle,
                0,
                0,
                1,
                1,
                1,
                one,
                a,
                CUDA_R_64F,
                1,
                a,
                CUDA_R_64F,
                1,
                Pointer.to(new double[] {0}),
                c,
                CUDA_R_64F,
                1,
                CUBLAS_COMPUTE_64F,
                DEFAULT_ALGORITHM);
        cuStreamSynchronize(stream);
        double[] product = new double[1];
        cuMemcpyDtoH(Pointer.to(product), c, 8);

        assertThat(product[0]).isEqualTo(numbers[0] * numbers[0]);
    }

    @Test
    void sumsHalvesInFloats() {
        int inner = 4096;
        short[] halves = new short[inner];
        Arrays.fill(halves, Float.floatToFloat16(1));
        halves[0] = Float.floatToFloat16(0.5f);

        assertThat(dot(halves, CUDA_R_16F)).isEqualTo(4095.25f);
    }

    @Test
    void multipliesBfloat16() {
        short two = 0x4000;
        short minusThree = (short) 0xc040;

        assertThat(dot(new short[] {two, minusThree}, CUDA_R_16BF)).isEqualTo(13);
    }

    private float dot(short[] numbers, int type) {
        CUdeviceptr a = card.allocate(2L * numbers.length);
        CUdeviceptr c = card.allocate(4);
        cuMemcpyHtoD(a, Pointer.to(numbers), 2L * numbers.length);
        int status = cublasGemmEx_new(
                handle,
                0,
                0,
                1,
                1,
                numbers.length,
                ONE,
                a,
                type,
                1,
                a,
                type,
                numbers.length,
                ZERO,
                c,
                CUDA_R_32F,
                1,
                CUBLAS_COMPUTE_32F,
                DEFAULT_ALGORITHM);
        assertThat(status).isZero();
        cuStreamSynchronize(stream);
        return floats(c, 1)[0];
    }

    @Test
    void tf32LosesTheLastBits() {
        CUdeviceptr a = card.floats(1 + 0x1p-12f);

        assertThat(square(a, CUBLAS_COMPUTE_32F)).isGreaterThan(1);
        assertThat(square(a, CUBLAS_COMPUTE_32F_FAST_TF32)).isEqualTo(1);
    }

    private float square(CUdeviceptr a, int compute) {
        CUdeviceptr c = card.allocate(4);
        assertThat(product(a, 1, 1, 1, 1, c, compute)).isZero();
        cuStreamSynchronize(stream);
        return floats(c, 1)[0];
    }

    @Test
    void isCapturedWithAWorkspaceAndWhenItWasDoneBefore() {
        CUdeviceptr a = card.floats(3);
        CUdeviceptr c = card.allocate(4);
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        assertThat(product(a, 1, 1, 1, 1, c, CUBLAS_COMPUTE_32F)).isEqualTo(CUBLAS_STATUS_ALLOC_FAILED);
        CUgraph none = new CUgraph();
        cuStreamEndCapture(stream, none);
        cuGraphDestroy(none);
        cublasSetWorkspace(handle, card.allocate(1024), 1024);
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        assertThat(product(a, 1, 1, 1, 1, c, CUBLAS_COMPUTE_32F)).isEqualTo(CUBLAS_STATUS_NOT_INITIALIZED);
        CUgraph neither = new CUgraph();
        cuStreamEndCapture(stream, neither);
        cuGraphDestroy(neither);
        assertThat(product(a, 1, 1, 1, 1, c, CUBLAS_COMPUTE_32F)).isZero();
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        assertThat(product(a, 1, 1, 1, 1, c, CUBLAS_COMPUTE_32F)).isZero();
        CUgraph graph = new CUgraph();
        cuStreamEndCapture(stream, graph);
        CUgraphExec exec = new CUgraphExec();
        cuGraphInstantiate(exec, graph, 0);
        cuGraphDestroy(graph);

        cuGraphLaunch(exec, stream);
        cuStreamSynchronize(stream);

        assertThat(floats(c, 1)).containsExactly(9);
        cuGraphExecDestroy(exec);
    }

    @Test
    void refusesLeadingDimensionsThatAreTooSmall() {
        CUdeviceptr a = card.floats(new float[16]);

        assertThat(product(a, 4, 4, 4, 3, a, CUBLAS_COMPUTE_32F)).isEqualTo(CUBLAS_STATUS_INVALID_VALUE);
        assertThat(emulator.failure()).contains("a leading dimension is too small: lda=3");
    }

    @Test
    void refusesWhatIsNotMemoryOfTheCard() {
        CUdeviceptr a = card.floats(new float[4]);

        assertThat(product(a, 2, 2, 3, 2, a, CUBLAS_COMPUTE_32F)).isEqualTo(CUBLAS_STATUS_MAPPING_ERROR);
        assertThat(product(a.withByteOffset(2), 1, 1, 1, 1, a, CUBLAS_COMPUTE_32F))
                .isEqualTo(CUBLAS_STATUS_MAPPING_ERROR);
        assertThat(product(Pointer.to(new float[4]), 1, 1, 1, 1, a, CUBLAS_COMPUTE_32F))
                .isEqualTo(CUBLAS_STATUS_MAPPING_ERROR);
    }

    @Test
    void refusesKindsThatDoNotGoTogether() {
        CUdeviceptr a = card.floats(new float[4]);
        int status = cublasGemmEx_new(
                handle,
                0,
                0,
                1,
                1,
                1,
                ONE,
                a,
                CUDA_R_32F,
                1,
                a,
                CUDA_R_16F,
                1,
                ZERO,
                a,
                CUDA_R_32F,
                1,
                CUBLAS_COMPUTE_32F,
                DEFAULT_ALGORITHM);

        assertThat(status).isEqualTo(CUBLAS_STATUS_NOT_SUPPORTED);
    }

    /** C = A · A of floats. */
    private int product(Pointer a, int m, int n, int k, int leading, Pointer c, int compute) {
        return cublasGemmEx_new(
                handle,
                0,
                0,
                m,
                n,
                k,
                ONE,
                a,
                CUDA_R_32F,
                leading,
                a,
                CUDA_R_32F,
                Math.max(k, leading),
                ZERO,
                c,
                CUDA_R_32F,
                m,
                compute,
                DEFAULT_ALGORITHM);
    }
}
