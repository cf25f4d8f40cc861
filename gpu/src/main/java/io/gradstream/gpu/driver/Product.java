package io.gradstream.gpu.driver;

import jcuda.Pointer;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasOperation;

/**
 * What is multiplied: A[rows, inner]·B[inner, columns], row by row, of a whole batch.
 *
 * @param keep what is multiplied with what stands in C before the product is added: 0 or 1
 * @param c where the results are, one behind the other
 * @param arithmetic how
 */
public record Product(
        int rows, int columns, int inner, int batch, Side a, Side b, long c, double keep, Arithmetic arithmetic) {

    static final int DEFAULT_ALGORITHM = -1;

    private static final int R_32F = 0;
    private static final int R_64F = 1;
    private static final int R_16F = 2;
    private static final int R_16BF = 14;

    /** The type of the operands and how their products are summed. Results of half-precision operands are floats. */
    public enum Arithmetic {
        F64(R_64F, R_64F, cublasComputeType.CUBLAS_COMPUTE_64F),
        F32(R_32F, R_32F, cublasComputeType.CUBLAS_COMPUTE_32F),
        /** Floats rounded to 11 significant bits before they are multiplied. */
        TF32(R_32F, R_32F, cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32),
        F16(R_16F, R_32F, cublasComputeType.CUBLAS_COMPUTE_32F),
        BF16(R_16BF, R_32F, cublasComputeType.CUBLAS_COMPUTE_32F);

        private final int operand;
        private final int result;
        private final int compute;

        Arithmetic(int operand, int result, int compute) {
            this.operand = operand;
            this.result = result;
            this.compute = compute;
        }
    }

    /**
     * An operand.
     *
     * @param leading how many elements lie between its stored rows
     * @param stride how many lie between the matrices of a batch
     * @param transposed whether it is stored transposed
     */
    public record Side(long address, int leading, long stride, boolean transposed) {
        Side at(long other) {
            return new Side(other, leading, stride, transposed);
        }

        int operation() {
            return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
        }
    }

    /** The same with its results elsewhere. */
    Product into(long address) {
        return new Product(rows, columns, inner, batch, a, b, address, keep, arithmetic);
    }

    /** The same wherever its matrices are. */
    Product kind() {
        return new Product(rows, columns, inner, batch, a.at(0), b.at(0), 0, keep, arithmetic);
    }

    long resultBytes() {
        return (long) rows * columns * batch * (arithmetic == Arithmetic.F64 ? Double.BYTES : Float.BYTES);
    }

    int operandType() {
        return arithmetic.operand;
    }

    int resultType() {
        return arithmetic.result;
    }

    int compute() {
        return arithmetic.compute;
    }

    /** A factor as the arithmetic takes it. */
    Pointer scalar(double value) {
        return switch (arithmetic) {
            case F64 -> Pointer.to(new double[] {value});
            case F32, TF32, F16, BF16 -> Pointer.to(new float[] {(float) value});
        };
    }
}
