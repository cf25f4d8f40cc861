package io.gradstream.autodiff.check;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Literal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** An operation's operands, value, gradients and second derivatives as {@code goldens.txt} has them; the program that writes it explains its lines. */
record Golden(
        String name,
        List<Literal> operands,
        Shape shape,
        double[] values,
        List<double[]> gradients,
        List<double[]> seconds) {

    static List<Golden> stored() {
        try (InputStream file = Objects.requireNonNull(Golden.class.getResourceAsStream("goldens.txt"))) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\n\n"))
                    .skip(1)
                    .map(block -> parse(block.lines().toList()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Golden parse(List<String> lines) {
        List<Literal> operands = new ArrayList<>();
        Shape shape = Shape.scalar();
        double[] values = {};
        List<double[]> gradients = new ArrayList<>();
        List<double[]> seconds = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] sides = line.split(" = ", -1);
            String[] words = sides[0].split(" ");
            double[] numbers = numbers(sides[1]);
            switch (words[0]) {
                case "in" ->
                    operands.add(new Literal(new TensorType(shape(words[2]), DType.valueOf(words[1])), numbers));
                case "out" -> {
                    shape = shape(words[1]);
                    values = numbers;
                }
                case "gradient" -> gradients.add(numbers);
                case "second" -> seconds.add(numbers);
                default -> throw new IllegalArgumentException("a line must begin with a known word: line=" + line);
            }
        }
        return new Golden(lines.getFirst(), operands, shape, values, gradients, seconds);
    }

    private static Shape shape(String text) {
        return text.equals("scalar")
                ? Shape.scalar()
                : Shape.of(
                        Stream.of(text.split("x")).mapToInt(Integer::parseInt).toArray());
    }

    private static double[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
