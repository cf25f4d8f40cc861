package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Tables with sparse gradients under {@code torch.optim.SparseAdam}, which is Python: its formula in libtorch's operations, on coalesced
 * rows. It knows no weight decay.
 */
final class SparseTables implements AutoCloseable {
    private final PeerOptimizer.AdamLike settings;
    private final List<Table> tables = new ArrayList<>();
    private final List<Gradient> gradients = new ArrayList<>();
    private long steps;

    private record Table(Tensor parameter, Tensor first, Tensor second) {}

    private record Gradient(Table table, Tensor rows, Tensor values) {}

    SparseTables(PeerOptimizer optimizer, List<Tensor> parameters) {
        if (!(optimizer instanceof PeerOptimizer.AdamLike adam)) {
            throw new IllegalArgumentException("sparse tables are trained by Adam: optimizer=" + optimizer);
        }
        settings = adam;
        for (Tensor parameter : parameters) {
            tables.add(new Table(parameter, torch.zeros_like(parameter), torch.zeros_like(parameter)));
        }
    }

    /** Coalesces the gradients of a step, which are its own to change until the step is taken. */
    void collect() {
        gradients.clear();
        for (Table table : tables) {
            Tensor gradient = table.parameter().grad().coalesce();
            gradients.add(new Gradient(table, gradient._indices().select(0, 0), gradient._values()));
        }
    }

    double squaredNorm() {
        double sum = 0;
        for (Gradient gradient : gradients) {
            double norm = gradient.values().norm().item_double();
            sum += norm * norm;
        }
        return sum;
    }

    void scale(double factor) {
        gradients.forEach(gradient -> gradient.values().mul_(new Scalar(factor)));
    }

    /** Takes a step from the collected gradients and zeroes them. */
    void step(double learningRate) {
        steps++;
        double bias1 = 1 - Math.pow(settings.beta1(), (double) steps);
        double bias2 = 1 - Math.pow(settings.beta2(), (double) steps);
        double size = learningRate * Math.sqrt(bias2) / bias1;
        try (NoGradGuard _ = new NoGradGuard()) {
            for (Gradient gradient : gradients) {
                step(gradient, size);
                gradient.table().parameter().mutable_grad().reset();
            }
        }
        gradients.clear();
    }

    private void step(Gradient gradient, double size) {
        Table table = gradient.table();
        Tensor rows = gradient.rows();
        Tensor g = gradient.values();
        Tensor oldFirst = table.first().index_select(0, rows);
        Tensor firstUpdate = g.sub(oldFirst).mul_(new Scalar(1 - settings.beta1()));
        table.first().index_add_(0, rows, firstUpdate);
        Tensor oldSecond = table.second().index_select(0, rows);
        Tensor secondUpdate = g.mul(g).sub_(oldSecond).mul_(new Scalar(1 - settings.beta2()));
        table.second().index_add_(0, rows, secondUpdate);
        Tensor numerator = firstUpdate.add_(oldFirst);
        Tensor denominator = secondUpdate.add_(oldSecond).sqrt_().add_(new Scalar(settings.epsilon()));
        table.parameter().index_add_(0, rows, numerator.div_(denominator), new Scalar(-size));
    }

    @Override
    public void close() {
        for (Table table : tables) {
            table.first().close();
            table.second().close();
        }
    }
}
