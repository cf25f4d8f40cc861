package io.gradstream.load.golden;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Literal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The file of golden values, a block of lines per operation:
 *
 * <pre>
 * name
 * in F32 2x3 = the elements of an operand, row by row; one line per operand
 * out 2x3 = the elements of the result y
 * gradient = the gradient of Σ w·y by the operands in turn, where w is the ripple of the result's shape; empty for integers
 * second = the gradient of Σ gradient² by the operands in turn
 * </pre>
 */
public final class GoldenFile {
    private GoldenFile() {}

    /** Writes the file that is named, or that of this repository when started in its root. */
    public static void main(String[] arguments) throws IOException {
        Path file = arguments.length == 0
                ? Path.of("autodiff/src/test/resources/io/gradstream/autodiff/check/goldens.txt")
                : Path.of(arguments[0]);
        Files.writeString(file, text());
    }

    static String text() {
        StringBuilder text = new StringBuilder(
                "# values, gradients and second derivatives by libtorch in double; made by io.gradstream.load.golden.GoldenFile\n");
        for (GoldenCase golden : GoldenCases.all()) {
            try (PointerScope scope = new PointerScope()) {
                write(golden, text);
                scope.deallocate();
            }
        }
        return text.toString();
    }

    private static void write(GoldenCase golden, StringBuilder text) {
        text.append('\n').append(golden.name()).append('\n');
        List<Tensor> operands = new ArrayList<>();
        List<Tensor> floating = new ArrayList<>();
        for (Literal literal : golden.operands()) {
            line(text, "in " + literal.type().dtype() + " " + literal.type().shape(), literal.values());
            Tensor operand = tensor(literal);
            operands.add(operand);
            if (literal.type().dtype().isFloating()) {
                floating.add(operand.set_requires_grad(true));
            }
        }
        Tensor output = golden.operation().apply(operands);
        Shape shape = shape(output);
        line(text, "out " + shape, values(output.detach()));
        List<Tensor> gradients = gradients(output.mul(ripple(shape)).sum(), floating);
        Tensor squares = torch.zeros(1).to(torch.ScalarType.Double);
        for (Tensor gradient : gradients) {
            squares = squares.add(gradient.square().sum());
            line(text, "gradient", values(gradient.detach()));
        }
        for (Tensor second : gradients(squares.sum(), floating)) {
            line(text, "second", values(second.detach()));
        }
    }

    /** By each operand; zeros where none flows. */
    private static List<Tensor> gradients(Tensor scalar, List<Tensor> operands) {
        List<Tensor> gradients = new ArrayList<>();
        if (!scalar.requires_grad()) {
            operands.forEach(operand -> gradients.add(torch.zeros_like(operand.detach())));
            return gradients;
        }
        TensorVector all = torch.grad(
                new TensorVector(scalar),
                new TensorVector(operands.toArray(Tensor[]::new)),
                new TensorVector(torch.ones_like(scalar)),
                new BoolOptional(true),
                true,
                true);
        for (int i = 0; i < operands.size(); i++) {
            Tensor gradient = all.get(i);
            gradients.add(
                    gradient.defined()
                            ? gradient
                            : torch.zeros_like(operands.get(i).detach()));
        }
        return gradients;
    }

    private static Tensor ripple(Shape shape) {
        return tensor(Literal.ripple(shape.dims()));
    }

    private static Tensor tensor(Literal literal) {
        long[] dims = java.util.Arrays.stream(literal.type().shape().dims())
                .asLongStream()
                .toArray();
        if (literal.type().dtype() == DType.I32) {
            long[] ids = DoubleStream.of(literal.values())
                    .mapToLong(value -> (long) value)
                    .toArray();
            return Tensor.create(ids).reshape(dims);
        }
        return Tensor.create(literal.values()).reshape(dims);
    }

    private static Shape shape(Tensor tensor) {
        int[] dims = new int[(int) tensor.dim()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (int) tensor.size(i);
        }
        return Shape.of(dims);
    }

    /** Zeros that have memory, which libtorch may leave out of a gradient that it knows to be zero. */
    private static Tensor zeros(Tensor like) {
        return torch.zeros(like.sizes()).to(torch.ScalarType.Double);
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        Tensor wide = zeros(tensor).add(tensor.to(torch.ScalarType.Double)).contiguous();
        wide.data_ptr_double().get(values);
        return values;
    }

    private static void line(StringBuilder text, String what, double[] values) {
        text.append(what)
                .append(" = ")
                .append(DoubleStream.of(values).mapToObj(Double::toString).collect(Collectors.joining(" ")))
                .append('\n');
    }
}
