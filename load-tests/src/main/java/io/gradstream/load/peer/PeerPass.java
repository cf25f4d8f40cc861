package io.gradstream.load.peer;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One pass of libtorch over arrays of random numbers: an optimizer's step, or an addition for comparison. What it holds is freed when it is closed. */
public final class PeerPass implements AutoCloseable {
    private final PointerScope scope;
    private final Runnable pass;

    private PeerPass(PointerScope scope, Runnable pass) {
        this.scope = scope;
        this.pass = pass;
    }

    /** The step of an optimizer over so many parameters that have gradients. */
    public static PeerPass of(PeerOptimizer rule, int parameters) {
        PointerScope scope = scope();
        Tensor parameter = torch.rand(parameters);
        parameter.set_requires_grad(true);
        parameter.mutable_grad().put(torch.rand(parameters));
        Optimizer optimizer = rule.over(new TensorVector(parameter));
        optimizer.param_groups().get(0).options().set_lr(1e-6);
        return new PeerPass(scope, optimizer::step);
    }

    /** The addition of an array to another of so many elements. */
    public static PeerPass addition(int elements) {
        PointerScope scope = scope();
        Tensor target = torch.rand(elements);
        Tensor source = torch.rand(elements);
        return new PeerPass(scope, () -> target.add_(source));
    }

    private static PointerScope scope() {
        Libtorch.require();
        return new PointerScope();
    }

    public void run() {
        pass.run();
    }

    @Override
    public void close() {
        scope.close();
    }
}
