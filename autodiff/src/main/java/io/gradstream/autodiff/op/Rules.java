package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules of many operations share: checks with one wording, lists and sums in which absent means zero. */
final class Rules {

    private Rules() {}

    static void require(boolean holds, Op op, String rule, Object facts) {
        if (!holds) {
            throw new ShapeException(op.name() + " " + rule + ": " + facts);
        }
    }

    static void arity(Op op, List<TensorType> inputs, int arity) {
        require(inputs.size() == arity, op, "takes " + arity + " operands", "operands=" + inputs);
    }

    /** Arithmetic is done in F32, or in F64 for control scalars. */
    static void arithmetic(Op op, TensorType type) {
        require(type.dtype() == DType.F32 || type.dtype() == DType.F64, op, "works on F32 or F64", "operand=" + type);
    }

    static void dtype(Op op, TensorType type, DType dtype) {
        require(type.dtype() == dtype, op, "needs an operand of " + dtype, "operand=" + type);
    }

    static void sameDtype(Op op, TensorType left, TensorType right) {
        require(
                left.dtype() == right.dtype(),
                op,
                "needs operands of one element type",
                "left=" + left + " right=" + right);
    }

    static void rank(Op op, TensorType type, int rank) {
        require(type.shape().rank() == rank, op, "needs an operand of rank " + rank, "operand=" + type);
    }

    static void type(Op op, String operand, TensorType actual, TensorType expected) {
        require(
                actual.equals(expected),
                op,
                "needs " + operand + " of another type",
                "actual=" + actual + " expected=" + expected);
    }

    static void rows(Op op, TensorType type) {
        require(type.shape().rank() >= 1, op, "needs an operand with rows", "operand=" + type);
    }

    /** Numbers along an axis of an operand: of its shape but for that axis. */
    static void alongAxis(Op op, TensorType operand, int axis, TensorType ids) {
        dtype(op, ids, DType.I32);
        require(
                axis >= 0
                        && axis < operand.shape().rank()
                        && ids.shape().rank() == operand.shape().rank()
                        && ids.shape().with(axis, operand.shape().dim(axis)).equals(operand.shape()),
                op,
                "needs ids that differ only along axis " + axis,
                "operand=" + operand + " ids=" + ids);
    }

    /** The number of bags that an operand of offsets describes: one offset more than bags. */
    static int bags(Op op, TensorType offsets) {
        dtype(op, offsets, DType.I32);
        rank(op, offsets, 1);
        require(offsets.shape().dim(0) >= 2, op, "needs at least two offsets", "offsets=" + offsets);
        return offsets.shape().dim(0) - 1;
    }

    static List<@Nullable Value> listOf(@Nullable Value... values) {
        List<@Nullable Value> list = new ArrayList<>();
        for (Value value : values) {
            list.add(value);
        }
        return list;
    }

    /** The sum of two values of which either may be absent. */
    static @Nullable Value sum(Emitter e, @Nullable Value left, @Nullable Value right) {
        if (left == null) {
            return right;
        }
        return right == null ? left : e.add(left, right);
    }
}
