package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.gpu.driver.Product;

/** Products of matrices, by cuBLAS. */
final class ProductWork {

    private ProductWork() {}

    /** Y = A·B, or Y += A·B, for every matrix of a batch. */
    static void matmul(
            boolean transposeA, boolean transposeB, Buffer a, Buffer b, Buffer y, boolean adds, Workshop shop) {
        matmul(transposeA, transposeB, a, b, y.type(), address(y), adds, shop);
    }

    /** The same where no buffer is: the result lies at an address. */
    static void matmul(
            boolean transposeA,
            boolean transposeB,
            Buffer a,
            Buffer b,
            TensorType type,
            long to,
            boolean adds,
            Workshop shop) {
        Shape shape = type.shape();
        int rows = shape.dim(-2);
        int columns = shape.dim(-1);
        int inner = a.type().shape().dim(transposeA ? -2 : -1);
        if (shape.size() == 0) {
            return;
        }
        if (inner == 0) {
            if (!adds) {
                shop.clear(to, shape.size() * type.dtype().bytes());
            }
            return;
        }
        int batch = Math.toIntExact(shape.size() / rows / columns);
        shop.multiply(new Product(
                rows,
                columns,
                inner,
                batch,
                new Product.Side(address(a), transposeA ? rows : inner, (long) rows * inner, transposeA),
                new Product.Side(address(b), transposeB ? inner : columns, (long) inner * columns, transposeB),
                to,
                adds ? 1 : 0,
                shop.arithmetic(a.type().dtype())));
    }

    /** Y = X·Wᵀ + b: the bias stands in every row before the product is added. */
    static void linear(Call call, Workshop shop) {
        Buffer y = call.output();
        MovementWork.repeat(call.input(2), y, shop);
        matmul(false, true, call.input(0), call.input(1), y, true, shop);
    }
}
