package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.Attending;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionByQuery;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.Contraction;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import java.util.List;

/** Sums of products. */
final class ContractionKernels {

    private ContractionKernels() {}

    static Runnable prepare(Contraction op, List<Array> inputs, Array y) {
        return switch (op) {
            case Matmul matmul -> matmul(matmul, inputs.get(0), inputs.get(1), y);
            case Attention attention -> attention(attention, inputs, y)::forward;
            case SelfAttention attention -> attention(attention, inputs, y)::forward;
            case AttentionGradient gradient -> cleared(y, attention(gradient, inputs, y)::backward);
            case SelfAttentionGradient gradient -> cleared(y, attention(gradient, inputs, y)::backward);
            case Linear ignored -> linear(inputs.get(0), inputs.get(1), inputs.get(2), y);
        };
    }

    private static AttentionByQuery attention(Attending op, List<Array> inputs, Array y) {
        AttentionLayout layout = op.layout(inputs.stream()
                .map(input -> new TensorType(input.shape(), input.dtype()))
                .toList());
        Array last = inputs.getLast();
        return new AttentionByQuery(layout, inputs, last.dtype().isFloating() ? null : last, y);
    }

    private static Runnable cleared(Array y, Runnable then) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, 0);
            }
            then.run();
        };
    }

    /** target += A·B. */
    static Runnable addProduct(AddProduct op, List<Array> operands) {
        Array target = operands.get(0);
        double[] before = new double[target.size()];
        Runnable product =
                matmul(new Matmul(op.transposeA(), op.transposeB()), operands.get(1), operands.get(2), target);
        return () -> {
            target.copyTo(before);
            product.run();
            for (int i = 0; i < before.length; i++) {
                target.set(i, before[i] + target.get(i));
            }
        };
    }

    private static Runnable matmul(Matmul op, Array a, Array b, Array y) {
        int inner = a.dim(op.transposeA() ? -2 : -1);
        int rowStepA = op.transposeA() ? 1 : a.dim(-1);
        int innerStepA = op.transposeA() ? a.dim(-1) : 1;
        int innerStepB = op.transposeB() ? 1 : b.dim(-1);
        int columnStepB = op.transposeB() ? b.dim(-1) : 1;
        int rows = y.dim(-2);
        int columns = y.dim(-1);
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                int matrix = i / (rows * columns);
                int atA = matrix * rows * inner + i / columns % rows * rowStepA;
                int atB = matrix * inner * columns + i % columns * columnStepB;
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum += a.get(atA + k * innerStepA) * b.get(atB + k * innerStepB);
                }
                y.set(i, sum);
            }
        };
    }

    private static Runnable linear(Array x, Array weight, Array bias, Array y) {
        Runnable product = matmul(new Matmul(false, true), x, weight, y);
        return () -> {
            product.run();
            for (int i = 0; i < y.size(); i++) {
                y.set(i, y.get(i) + bias.get(i % bias.size()));
            }
        };
    }
}
