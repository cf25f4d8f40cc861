package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.splat;

import io.gradstream.autodiff.op.Abs;
import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Clamp;
import io.gradstream.autodiff.op.Divide;
import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Equal;
import io.gradstream.autodiff.op.Erf;
import io.gradstream.autodiff.op.Exp;
import io.gradstream.autodiff.op.Floor;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.GeluSlope;
import io.gradstream.autodiff.op.Greater;
import io.gradstream.autodiff.op.GreaterOrEqual;
import io.gradstream.autodiff.op.Huber;
import io.gradstream.autodiff.op.LeakyRelu;
import io.gradstream.autodiff.op.Log;
import io.gradstream.autodiff.op.Log1p;
import io.gradstream.autodiff.op.Maximum;
import io.gradstream.autodiff.op.Minimum;
import io.gradstream.autodiff.op.Multiply;
import io.gradstream.autodiff.op.Negate;
import io.gradstream.autodiff.op.Power;
import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Round;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.Sign;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.Sqrt;
import io.gradstream.autodiff.op.Square;
import io.gradstream.autodiff.op.Subtract;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Unary;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** The elementwise operations that have a vector form, each as loops of its own. */
final class VectorFunctions {
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float DENSITY_AT_0 = (float) (1 / Math.sqrt(2 * Math.PI));
    private static final Map<Unary, Optional<Passes>> UNARY = new ConcurrentHashMap<>();
    private static final Map<Binary, Optional<BinaryLoop>> BINARY = new ConcurrentHashMap<>();

    private static final Map<SlopeProduct.Activation, BinaryLoop> SLOPE_PRODUCTS = new ConcurrentHashMap<>();

    private VectorFunctions() {}

    /**
     * A unary function as one pass, or as a first pass into a room of its own and a second over the argument and the room, piece by piece so
     * that the second finds both in a near cache.
     */
    record Passes(UnaryLoop first, @Nullable BinaryLoop second) {
        private static final int TOGETHER = 4096;

        static Passes one(UnaryLoop.Function function) {
            return new Passes(UnaryLoop.of(function), null);
        }

        static Passes two(UnaryLoop.Function first, BinaryLoop.Function second) {
            return new Passes(UnaryLoop.of(first), BinaryLoop.of(second));
        }

        PreparedCall prepare(Operand in, Operand out, Workspace workspace) {
            int count = out.size();
            Tail tail = workspace.tail();
            BinaryLoop then = second;
            if (then == null) {
                return () -> first.run(in.data(), out.data(), count, tail);
            }
            MemorySegment room = workspace.floats(Math.min(count, TOGETHER));
            MemorySegment[] from = pieces(in.data());
            MemorySegment[] to = pieces(out.data());
            return () -> {
                for (int i = 0; i < from.length; i++) {
                    int length = Math.min(TOGETHER, count - i * TOGETHER);
                    first.run(from[i], room, length, tail);
                    then.run(from[i], room, to[i], length, tail);
                }
            };
        }

        private static MemorySegment[] pieces(MemorySegment whole) {
            long bytes = (long) TOGETHER * Float.BYTES;
            MemorySegment[] pieces = new MemorySegment[Math.toIntExact(Math.ceilDiv(whole.byteSize(), bytes))];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = whole.asSlice(i * bytes, Math.min(bytes, whole.byteSize() - i * bytes));
            }
            return pieces;
        }
    }

    /** The passes of an operation, or empty when it has no vector form. */
    static Optional<Passes> passes(Unary op) {
        return UNARY.computeIfAbsent(op, key -> Optional.ofNullable(function(key)));
    }

    /** The loop of an operation, or empty when it has no vector form. */
    static Optional<BinaryLoop> loop(Binary op) {
        return BINARY.computeIfAbsent(
                op, key -> Optional.ofNullable(function(key)).map(BinaryLoop::of));
    }

    /** The way back through an activation: of the cotangent and of the activation's result. */
    static BinaryLoop slopeProduct(SlopeProduct.Activation activation) {
        return SLOPE_PRODUCTS.computeIfAbsent(
                activation,
                key -> BinaryLoop.of(
                        switch (key) {
                            case RELU -> (c, y) -> c.mul(splat(0f).blend(1f, y.compare(VectorOperators.GT, 0f)));
                            case SIGMOID -> (c, y) -> c.mul(y.mul(splat(1f).sub(y)));
                            case TANH -> (c, y) -> c.mul(splat(1f).sub(y.mul(y)));
                        }));
    }

    private static @Nullable Passes function(Unary op) {
        return switch (op) {
            case Abs() -> Passes.one(FloatVector::abs);
            case Clamp(double low, double high) -> Passes.one(clamp((float) low, (float) high));
            case Elu(double scale) -> Passes.two(VectorMath::exp, elu((float) scale));
            case Erf() -> Passes.two(VectorMath::expOfMinusSquare, VectorMath::erf);
            case Exp() -> Passes.one(VectorMath::exp);
            case Floor() -> Passes.one(VectorMath::floor);
            case Gelu() -> Passes.two(x -> VectorMath.expOfMinusSquare(x.mul(SQRT_HALF)), VectorFunctions::gelu);
            case GeluSlope() ->
                Passes.two(x -> VectorMath.expOfMinusSquare(x.mul(SQRT_HALF)), VectorFunctions::geluSlope);
            case LeakyRelu(double leak) -> Passes.one(leakyRelu((float) leak));
            case Log() -> Passes.two(VectorMath::logOfPositive, VectorMath::log);
            case Log1p() -> Passes.two(VectorMath::log1pOfNormal, VectorMath::log1p);
            case Negate() -> Passes.one(FloatVector::neg);
            case Power(double exponent) -> power(exponent);
            case Huber(double threshold) -> Passes.one(huber((float) threshold));
            case Relu() -> Passes.one(x -> x.blend(0f, x.compare(VectorOperators.LE, 0f)));
            case Round() -> Passes.one(VectorMath::round);
            case Sigmoid() -> Passes.two(VectorMath::expOfMinusAbs, VectorMath::sigmoid);
            case Sign() -> Passes.one(VectorMath::sign);
            case Silu() -> Passes.two(VectorMath::expOfMinusAbs, (x, exp) -> x.mul(VectorMath.sigmoid(x, exp)));
            case Sqrt() -> Passes.one(FloatVector::sqrt);
            case Square() -> Passes.one(x -> x.mul(x));
            case Tanh() -> Passes.two(VectorMath::expOfTwiceAbs, VectorMath::tanh);
            default -> null; // computed by apply, so that a new operation needs no edit here
        };
    }

    private static BinaryLoop.@Nullable Function function(Binary op) {
        return switch (op) {
            case Add() -> FloatVector::add;
            case Divide() -> FloatVector::div;
            case Equal() -> (a, b) -> splat(0f).blend(1f, a.compare(VectorOperators.EQ, b));
            case Greater() -> (a, b) -> splat(0f).blend(1f, a.compare(VectorOperators.GT, b));
            case GreaterOrEqual() -> (a, b) -> splat(0f).blend(1f, a.compare(VectorOperators.GE, b));
            case Maximum() -> FloatVector::max;
            case Minimum() -> FloatVector::min;
            case Multiply() -> FloatVector::mul;
            case Subtract() -> FloatVector::sub;
            default -> null; // computed by apply, so that a new operation needs no edit here
        };
    }

    private static UnaryLoop.Function clamp(float low, float high) {
        return x -> x.blend(low, x.compare(VectorOperators.LT, low)).blend(high, x.compare(VectorOperators.GT, high));
    }

    private static UnaryLoop.Function huber(float threshold) {
        return x -> {
            FloatVector held = x.max(-threshold).min(threshold);
            return held.mul(x.sub(held.mul(0.5f)));
        };
    }

    private static BinaryLoop.Function elu(float scale) {
        return (x, exp) -> VectorMath.expm1(x, exp).mul(scale).blend(x, x.compare(VectorOperators.GT, 0f));
    }

    private static FloatVector gelu(FloatVector x, FloatVector exp) {
        return x.mul(0.5f).mul(VectorMath.erf(x.mul(SQRT_HALF), exp).add(1f));
    }

    private static FloatVector geluSlope(FloatVector x, FloatVector exp) {
        FloatVector distribution = VectorMath.erf(x.mul(SQRT_HALF), exp).add(1f).mul(0.5f);
        return x.mul(DENSITY_AT_0).fma(exp, distribution);
    }

    private static UnaryLoop.Function leakyRelu(float leak) {
        return x -> x.mul(leak).blend(x, x.compare(VectorOperators.GT, 0f));
    }

    private static @Nullable Passes power(double exponent) {
        if (exponent == -1) {
            return Passes.one(x -> splat(1f).div(x));
        }
        if (exponent == 0.5) {
            return Passes.one(FloatVector::sqrt);
        }
        if (exponent == -0.5) {
            return Passes.one(x -> splat(1f).div(x.sqrt()));
        }
        return exponent == 3 ? Passes.one(x -> x.mul(x).mul(x)) : null;
    }
}
