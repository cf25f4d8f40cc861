package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;

/** Matrix products in plain Java, summed in double and rounded once. */
final class PlainGemm implements Gemm {
    @Override
    public PreparedCall one(Product product, Workspace workspace) {
        if (product.left().count() > 1) {
            return oneAfterTheOther(product, workspace);
        }
        Matrix left = product.left();
        Matrix right = product.right();
        DType dtype = product.dtype().gradient();
        Operand out = new Operand(product.out(), TensorType.of(dtype, product.rows(), product.columns()));
        Operand addend =
                product.bias() == null ? null : new Operand(product.bias(), TensorType.of(dtype, product.columns()));
        return () -> {
            for (int row = 0; row < left.rows(); row++) {
                for (int column = 0; column < right.columns(); column++) {
                    double sum = addend == null ? 0 : addend.get(column);
                    for (int k = 0; k < left.columns(); k++) {
                        sum += left.get(row, k) * right.get(k, column);
                    }
                    long at = (long) row * right.columns() + column;
                    out.set(at, product.adds() ? out.get(at) + sum : sum);
                }
            }
        };
    }

    @Override
    public void enter() {
        // nothing belongs to the thread
    }

    @Override
    public String describe() {
        return "plain Java";
    }
}
