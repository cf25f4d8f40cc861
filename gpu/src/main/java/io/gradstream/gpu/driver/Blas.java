package io.gradstream.gpu.driver;

import java.util.HashSet;
import java.util.Set;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;

/** Products of matrices by cuBLAS, on one stream and with a workspace of its own, so that they can be captured. */
public final class Blas implements AutoCloseable {
    private static final long WORKSPACE = 32L << 20;

    private final Card card;
    private final Stream stream;
    private final cublasHandle handle = new cublasHandle();
    private final DeviceMemory workspace;
    private final Set<Product> rehearsed = new HashSet<>();

    public Blas(Card card, Stream stream) {
        this.card = card;
        this.stream = stream;
        workspace = DeviceMemory.allocate(card, WORKSPACE);
        Status.checkBlas("cublasCreate", JCublas2.cublasCreate(handle));
        Status.checkBlas("cublasSetStream", JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())));
        Status.checkBlas(
                "cublasSetWorkspace",
                JCublas2.cublasSetWorkspace(
                        handle, Address.of(workspace.address()).pointer(), WORKSPACE));
    }

    /**
     * Does a product once where nobody sees the result, if none of its kind was done before: cuBLAS loads what it needs when it first needs it,
     * which drivers before CUDA 12.3 refuse while work is captured.
     */
    public void rehearse(Product product) {
        if (rehearsed.add(product.kind())) {
            try (DeviceMemory result = DeviceMemory.allocate(card, product.resultBytes())) {
                multiply(product.into(result.address()));
                stream.await();
            }
        }
    }

    /** C = A·B + keep·C for every matrix of a batch. */
    public void multiply(Product product) {
        Pointer alpha = product.scalar(1);
        Pointer beta = product.scalar(product.keep());
        // cuBLAS counts columns first: read so, our matrices are transposed, and Cᵀ = Bᵀ·Aᵀ
        Status.checkBlas(
                "cublasGemmStridedBatchedEx",
                JCublas2.cublasGemmStridedBatchedEx_new(
                        handle,
                        product.b().operation(),
                        product.a().operation(),
                        product.columns(),
                        product.rows(),
                        product.inner(),
                        alpha,
                        Address.of(product.b().address()).pointer(),
                        product.operandType(),
                        product.b().leading(),
                        product.b().stride(),
                        Address.of(product.a().address()).pointer(),
                        product.operandType(),
                        product.a().leading(),
                        product.a().stride(),
                        beta,
                        Address.of(product.c()).pointer(),
                        product.resultType(),
                        product.columns(),
                        (long) product.rows() * product.columns(),
                        product.batch(),
                        product.compute(),
                        Product.DEFAULT_ALGORITHM));
    }

    @Override
    public void close() {
        Status.checkBlas("cublasDestroy", JCublas2.cublasDestroy(handle));
        workspace.close();
    }
}
