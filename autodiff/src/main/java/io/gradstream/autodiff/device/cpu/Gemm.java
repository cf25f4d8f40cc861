package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A maker of prepared matrix products, accumulated and stored in F32. */
sealed interface Gemm permits OneDnnGemm, VectorGemm, PlainGemm {
    /** The product alone, on one thread, without its finish. Both sides are F32, BF16 or F16; bias and result are F32. */
    PreparedCall one(Product product, Workspace workspace);

    /** To be called on every thread that runs prepared products, before it does. */
    void enter();

    String describe();

    /** The product in its parts, each with its finish. */
    default PreparedCall prepare(Product product, Workspace workspace) {
        List<Product> parts = product.parts();
        if (parts.size() == 1) {
            return finished(product, workspace);
        }
        List<PreparedCall> calls = new ArrayList<>();
        for (Product part : parts) {
            calls.add(finished(part, workspace.another()));
        }
        return workspace.team().prepare(calls);
    }

    /** The same product with both sides copied to F32 first, which is exact. */
    default PreparedCall prepareWidened(Product product, Workspace workspace) {
        List<PreparedCall> calls = new ArrayList<>();
        Matrix left = widen(product.left(), workspace, calls);
        Matrix right = widen(product.right(), workspace, calls);
        calls.add(prepare(product.of(left, right), workspace));
        return new PreparedCalls(calls);
    }

    /** Every left matrix times its right one, each pair in turn through one prepared product. */
    default PreparedCall oneAfterTheOther(Product product, Workspace workspace) {
        Matrix left = product.left();
        Matrix right = product.right();
        MemorySegment a = workspace.bytes(left.bytes());
        MemorySegment b = workspace.bytes(right.bytes());
        MemorySegment y = workspace.bytes(product.out().byteSize() / left.count());
        PreparedCall call = one(new Product(left.one(a), right.one(b), null, y, product.adds(), null), workspace);
        return product.adds()
                ? new Turns(
                        left.count(),
                        List.of(left.data(), right.data(), product.out()),
                        List.of(a, b, y),
                        call,
                        y,
                        product.out())
                : new Turns(left.count(), List.of(left.data(), right.data()), List.of(a, b), call, y, product.out());
    }

    private PreparedCall finished(Product product, Workspace workspace) {
        Optional<PreparedCall> thin = VectorApi.isAvailable() && !(this instanceof PlainGemm)
                ? ThinProduct.prepare(product, workspace)
                : Optional.empty();
        PreparedCall call = thin.orElseGet(() -> one(product, workspace));
        Product.Finish finish = product.finish();
        return finish == null
                ? call
                : new PreparedCalls(
                        List.of(call, finish.prepare(product.out(), product.rows() * product.columns(), workspace)));
    }

    private static Matrix widen(Matrix matrix, Workspace workspace, List<PreparedCall> calls) {
        MemorySegment wide = workspace.floats(matrix.size());
        int count = Math.toIntExact(matrix.size());
        calls.add(Casts.prepare(
                new Operand(matrix.data(), TensorType.of(matrix.dtype(), count)),
                new Operand(wide, TensorType.of(DType.F32, count))));
        return matrix.withData(wide, DType.F32);
    }
}
