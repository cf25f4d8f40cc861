package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.AddNoise;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.AddRowNoise;
import io.gradstream.autodiff.op.ArgMax;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.AverageWeights;
import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.BagSpread;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Broadcast;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Deflate;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.Gather;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InverseDeviation;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.LogSumExp;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Norm;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.RandomNormal;
import io.gradstream.autodiff.op.RandomUniform;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.ScatterAdd;
import io.gradstream.autodiff.op.ScatterAddRows;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.SigmoidError;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.Softplus;
import io.gradstream.autodiff.op.Standardize;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.op.TallyLoss;
import io.gradstream.autodiff.op.Transpose;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.UpdateAndClear;
import io.gradstream.autodiff.op.Visibility;
import io.gradstream.autodiff.op.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The choice of a kernel for every call: a vector kernel where there is one for its operands, else the plain one. */
final class CpuKernels {
    private static final PlainGemm PLAIN = new PlainGemm();
    private static final PreparedCall NOTHING = () -> {};

    private final Gemm gemm;
    private final boolean vectors;
    private final Workspace workspace;

    CpuKernels(Gemm gemm, boolean vectors, Workspace workspace) {
        this.gemm = gemm;
        this.vectors = vectors;
        this.workspace = workspace;
    }

    PreparedCall prepare(Call call) {
        Operand out = operand(call.output());
        return out.size() == 0 ? NOTHING : prepare(call.kernel(), call, out);
    }

    /** A kernel on the operands of a call, with its result in a place of its own. */
    private PreparedCall prepare(Kernel kernel, Call call, Operand out) {
        List<Operand> in = new ArrayList<>();
        for (Buffer input : call.inputs()) {
            in.add(operand(input));
        }
        return switch (kernel) {
            case Unary op -> unary(op, in.get(0), out);
            case Binary op -> binary(op, in.get(0), in.get(1), out);
            case Where op ->
                vector(out)
                        ? VectorWhere.prepare(op, in, out)
                        : PlainKernels.where(op, in.get(0), in.get(1), in.get(2), out);
            case Sum _ -> sum(in.get(0), out);
            case Max _ -> max(in.get(0), out);
            case Norm _ -> norm(in.get(0), out);
            case LogSumExp _ -> logSumExp(in.get(0), out);
            case ArgMax _ -> PlainReductions.argMax(in.get(0), out);
            case Gather op -> Gathers.gather(op.axis(), in.get(0), in.get(1), out);
            case ScatterAdd op -> Gathers.scatterAdd(op.axis(), in.get(0), in.get(1), out);
            case Softmax() ->
                vector(out) ? VectorRows.softmax(in.get(0), out, workspace) : PlainKernels.softmax(in.get(0), out);
            case LogSoftmax() ->
                vector(out)
                        ? VectorRows.logSoftmax(in.get(0), out, workspace)
                        : PlainKernels.logSoftmax(in.get(0), out);
            case SoftmaxCrossEntropy() ->
                vector(out)
                        ? VectorRows.softmaxCrossEntropy(in.get(0), in.get(1), out, workspace)
                        : PlainKernels.softmaxCrossEntropy(in.get(0), in.get(1), out);
            case Standardize(boolean centered, double epsilon) ->
                vector(out)
                        ? VectorStandardize.standardize(centered, epsilon, in.get(0), out)
                        : PlainStandardize.standardize(centered, epsilon, in.get(0), out);
            case InverseDeviation(boolean centered, double epsilon) ->
                vector(out) && in.get(0).size() > 0
                        ? VectorStandardize.inverseDeviation(centered, epsilon, in.get(0), out)
                        : PlainStandardize.inverseDeviation(centered, epsilon, in.get(0), out);
            case Deflate(boolean centered) ->
                vector(out)
                        ? VectorStandardize.deflate(centered, in.get(0), in.get(1), out)
                        : PlainStandardize.deflate(centered, in.get(0), in.get(1), out);
            case Visibility op -> PlainStandardize.visibility(op, in, out);
            case Attention op -> attention(AttentionCall.of(op, in), out);
            case SelfAttention op -> attention(AttentionCall.of(op, in), out);
            case AttentionGradient op -> attentionGradient(AttentionCall.of(op, in), out);
            case SelfAttentionGradient op -> attentionGradient(AttentionCall.of(op, in), out);
            case OneHot _ -> PlainKernels.oneHot(in.get(0), out);
            case Transpose op -> Movements.transpose(op, in.get(0), out);
            case Broadcast _ -> Movements.broadcast(in.get(0), out);
            case Slice op -> Movements.slice(op, in.get(0), out);
            case Concat op -> Movements.concat(op, in, out);
            case Pad op -> Movements.pad(op, in.get(0), out);
            case Matmul op ->
                product(Matrix.of(in.get(0), op.transposeA()), Matrix.of(in.get(1), op.transposeB()), false, out);
            case AddProduct op ->
                product(Matrix.of(in.get(1), op.transposeA()), Matrix.of(in.get(2), op.transposeB()), true, out);
            case Linear() -> linear(in, null, out);
            case LinearActivation(Unary activation) -> linear(in, activation, out);
            case SlopeProduct(SlopeProduct.Activation activation) ->
                vector(out) && vector(in.get(1))
                        ? pass(VectorFunctions.slopeProduct(activation), in.get(0), in.get(1), out)
                        : PlainKernels.slopeProduct(activation, in.get(0), in.get(1), out);
            case SlopeSum(SlopeProduct.Activation activation) -> slopeSum(activation, call, out);
            case Rounded(Fused exact, DType _) -> rounded(exact, call, out);
            case Embedding() ->
                vector(out)
                        ? VectorTables.embedding(in.get(0), in.get(1), out)
                        : PlainKernels.embedding(in.get(0), in.get(1), out);
            case ScatterAddRows _ ->
                vector(out)
                        ? VectorLookups.scatterAddRows(in.get(0), in.get(1), out)
                        : PlainKernels.scatterAddRows(in.get(0), in.get(1), out);
            case BagCombine op ->
                vector(out)
                        ? VectorLookups.bagCombine(op.combine(), in.get(0), in.get(1), out)
                        : PlainKernels.bagCombine(op.combine(), in.get(0), in.get(1), out);
            case BagSpread op ->
                vector(out)
                        ? VectorLookups.bagSpread(op.combine(), in.get(0), in.get(1), out)
                        : PlainKernels.bagSpread(op.combine(), in.get(0), in.get(1), out);
            case Dropout op -> StochasticKernels.dropout(op, in, out, vector(out));
            case RandomUniform op -> StochasticKernels.uniform(op, in, out, vectors);
            case RandomNormal op -> StochasticKernels.normal(op, in, out, vectors);
            case Cast _ -> Casts.prepare(in.get(0), out);
            case GradientHealth op ->
                vector(in.get(0))
                        ? VectorNorms.prepare(op.segments(), in.get(0), out, workspace)
                        : PlainUpdates.gradientHealth(op.segments(), in.get(0), out);
            case Accumulate() ->
                vector(out) ? binary(new Add(), in.get(0), in.get(1), out) : PlainUpdates.accumulate(out, in.get(1));
            case Fill op -> PlainUpdates.fill(op.value(), out);
            case OptimizerUpdate op -> vector(out) ? VectorUpdates.update(op, in, workspace) : op.walk(in)::run;
            case UpdateAndClear(ElementwiseUpdate op) ->
                vector(out)
                        ? new VectorElementwise(op, true, in, workspace)
                        : new PreparedCalls(List.of(op.walk(in)::run, PlainUpdates.fill(0, in.get(1))));
            case RowsHealth() -> vector(in.get(0)) ? VectorTables.health(in, out) : PlainTables.health(in, out);
            case AccumulateRows() -> vector(out) ? VectorTables.accumulate(in) : PlainTables.accumulate(in);
            case TableUpdate op -> vector(out) ? new VectorTableUpdate(op, in, workspace) : PlainTables.update(op, in);
            case AddNoise op -> op.walk(in)::run;
            case AddRowNoise op -> op.walk(in, out.shape().dim(1))::run;
            case AverageWeights op -> vector(out) ? new VectorAverage(op, in) : op.walk(in, out.size())::run;
            case RowByRow op -> RowOperands.prepare(op, in, vectors, workspace);
            case CloseRows op -> () -> op.apply(in);
            case ScaleAndClip op -> PlainUpdates.scaleAndClip(op, out, in.get(1));
            case TallyLoss() -> PlainUpdates.tallyLoss(out, in.get(1), in.get(2));
        };
    }

    private PreparedCall slopeSum(SlopeProduct.Activation activation, Call call, Operand out) {
        Operand products = room(call.input(0).type());
        return new PreparedCalls(List.of(prepare(new SlopeProduct(activation), call, products), sum(products, out)));
    }

    private PreparedCall rounded(Fused kernel, Call call, Operand out) {
        Operand exact =
                room(kernel.type(call.inputs().stream().map(Buffer::type).toList()));
        return new PreparedCalls(List.of(prepare(kernel, call, exact), Casts.prepare(exact, out)));
    }

    /** A value that only one call knows. */
    private Operand room(TensorType type) {
        return new Operand(workspace.bytes(type.shape().size() * type.dtype().bytes()), type);
    }

    private boolean vector(Operand operand) {
        return vectors && operand.dtype() == DType.F32;
    }

    private PreparedCall unary(Unary op, Operand in, Operand out) {
        if (!vector(out)) {
            return PlainKernels.unary(op, in, out);
        }
        if (op instanceof Softplus) {
            return VectorSoftplus.softplus(in, out, workspace);
        }
        return VectorFunctions.passes(op)
                .map(passes -> passes.prepare(in, out, workspace))
                .orElseGet(() -> PlainKernels.unary(op, in, out));
    }

    private PreparedCall binary(Binary op, Operand a, Operand b, Operand out) {
        if (!vector(out)) {
            return PlainKernels.binary(op, a, b, out);
        }
        if (op instanceof SigmoidCrossEntropy && a.shape().equals(b.shape())) {
            return VectorSoftplus.sigmoidCrossEntropy(a, b, out, workspace);
        }
        if (op instanceof SigmoidError && a.shape().equals(b.shape())) {
            return VectorSoftplus.sigmoidError(a, b, out, workspace);
        }
        Optional<BinaryLoop> loop = VectorFunctions.loop(op);
        return loop.isPresent() ? pass(loop.get(), a, b, out) : PlainKernels.binary(op, a, b, out);
    }

    private PreparedCall pass(BinaryLoop loop, Operand a, Operand b, Operand out) {
        Runs runs = Runs.of(out.shape(), List.of(a.shape(), b.shape()));
        int[] startsA = runs.starts()[0];
        int[] startsB = runs.starts()[1];
        int stepA = runs.steps()[0];
        int stepB = runs.steps()[1];
        int length = runs.length();
        Tail tail = workspace.tail();
        return () -> {
            for (int run = 0; run < startsA.length; run++) {
                loop.run(
                        a.data(),
                        startsA[run],
                        stepA,
                        b.data(),
                        startsB[run],
                        stepB,
                        out.data(),
                        run * length,
                        length,
                        tail);
            }
        };
    }

    private PreparedCall sum(Operand in, Operand out) {
        Optional<PreparedCall> sums = vector(out) ? VectorSums.prepare(in, out) : Optional.empty();
        return sums.orElseGet(() -> PlainReductions.sum(in, out));
    }

    private PreparedCall attention(AttentionCall call, Operand out) {
        return vector(out) && !call.layout().isEmpty()
                ? TiledAttention.prepare(call, out, gemm, workspace)
                : call.byQuery(out)::forward;
    }

    private PreparedCall attentionGradient(AttentionCall call, Operand out) {
        if (vector(out) && !call.layout().isEmpty()) {
            return TiledAttentionGradient.prepare(call, out, gemm, workspace);
        }
        return new PreparedCalls(List.of(PlainUpdates.fill(0, out), call.byQuery(out)::backward));
    }

    private PreparedCall max(Operand in, Operand out) {
        Optional<PreparedCall> extremes = vector(out) ? VectorExtremes.max(in, out) : Optional.empty();
        return extremes.orElseGet(() -> PlainReductions.max(in, out));
    }

    private PreparedCall norm(Operand in, Operand out) {
        Folds folds = Folds.of(in.shape(), out.shape());
        return vector(out) && folds.alongRows() ? Squares.norms(folds, in, out) : PlainReductions.norm(in, out);
    }

    private PreparedCall logSumExp(Operand in, Operand out) {
        Folds folds = Folds.of(in.shape(), out.shape());
        return vector(out) && folds.alongRows() && in.size() > 0
                ? VectorRows.logSumExp(in, folds, out, workspace)
                : PlainReductions.logSumExp(in, out);
    }

    private PreparedCall linear(List<Operand> in, @Nullable Unary activation, Operand out) {
        Product.Finish finish = activation == null
                ? null
                : (elements, count, room) -> {
                    Operand part = new Operand(elements, TensorType.of(out.dtype(), count));
                    return new CpuKernels(gemm, vectors, room).unary(activation, part, part);
                };
        Matrix left = Matrix.of(in.get(0), false);
        Matrix right = Matrix.of(in.get(1), true);
        return product(new Product(left, right, in.get(2).data(), out.data(), false, finish));
    }

    private PreparedCall product(Matrix left, Matrix right, boolean adds, Operand out) {
        return product(new Product(left, right, null, out.data(), adds, null));
    }

    private PreparedCall product(Product product) {
        return (product.dtype() == DType.F64 || product.inner() == 0 ? PLAIN : gemm).prepare(product, workspace);
    }

    private static Operand operand(Buffer buffer) {
        return new Operand(CpuMemory.segment(buffer), buffer.type());
    }
}
