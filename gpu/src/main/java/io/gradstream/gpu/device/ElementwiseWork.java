package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Abs;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Clamp;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Erf;
import io.gradstream.autodiff.op.Exp;
import io.gradstream.autodiff.op.Floor;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.GeluSlope;
import io.gradstream.autodiff.op.Huber;
import io.gradstream.autodiff.op.LeakyRelu;
import io.gradstream.autodiff.op.Log;
import io.gradstream.autodiff.op.Log1p;
import io.gradstream.autodiff.op.Negate;
import io.gradstream.autodiff.op.Power;
import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Round;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.Sign;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.Softplus;
import io.gradstream.autodiff.op.Sqrt;
import io.gradstream.autodiff.op.Square;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.Where;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;
import java.util.ArrayList;
import java.util.List;

/** Functions of single elements: {@code elementwise.cu}. */
final class ElementwiseWork {
    private static final String MODULE = "elementwise";

    private ElementwiseWork() {}

    /** What a function of one element was made with. */
    private record Constants(double first, double second) {
        private static final Constants NONE = new Constants(0, 0);
    }

    static void add(Elementwise op, Call call, Workshop shop) {
        if (call.output().size() == 0) {
            return;
        }
        switch (op) {
            case Unary unary -> unary(unary, call.input(0), call.output(), shop);
            case Binary binary -> broadcasting(binary.name(), call, shop);
            case Where where -> broadcasting(where.name(), call, shop);
        }
    }

    /** y = f(x). */
    static void unary(Unary op, Buffer x, Buffer y, Workshop shop) {
        Constants constants = constants(op);
        Pace pace = pace(y.size(), List.of(x, y));
        long count = pace.count(y.size());
        shop.launch(
                MODULE,
                pace.kernel(Workshop.kernel(op.name(), y.type().dtype())),
                Grid.elements(count),
                shop.arguments()
                        .address(address(x))
                        .address(address(y))
                        .number(count)
                        .number(constants.first())
                        .number(constants.second()));
    }

    /** y = f(y + bias), the bias being as long as y's last axis. */
    static void biased(Unary op, Buffer bias, Buffer y, Workshop shop) {
        Constants constants = constants(op);
        Pace pace = pace(bias.size(), List.of(bias, y));
        long count = pace.count(y.size());
        shop.launch(
                MODULE,
                pace.kernel("biased_" + Workshop.kernel(op.name(), DType.F32)),
                Grid.elements(count),
                shop.arguments()
                        .address(address(bias))
                        .address(address(y))
                        .number(count)
                        .number(Math.toIntExact(pace.count(bias.size())))
                        .number(constants.first())
                        .number(constants.second()));
    }

    /** y = f(x + bias), rounded to the type of y, x being floats at an address. */
    static void biasedAndRounded(Unary op, Buffer bias, long x, Buffer y, Workshop shop) {
        Constants constants = constants(op);
        shop.launch(
                MODULE,
                "biased_" + Workshop.kernel(op.name(), DType.F32)
                        + Workshop.suffix(y.type().dtype()),
                Grid.elements(y.size()),
                shop.arguments()
                        .address(address(bias))
                        .address(x)
                        .address(address(y))
                        .number(y.size())
                        .number(Math.toIntExact(bias.size()))
                        .number(constants.first())
                        .number(constants.second()));
    }

    /** A function of several elements, by its name. */
    static void broadcasting(String name, Call call, Workshop shop) {
        Buffer y = call.output();
        Shape shape = y.type().shape();
        Places places = Places.of(
                shape.dims(),
                call.inputs().stream()
                        .map(input -> Places.broadcast(input.type().shape(), shape))
                        .toArray(long[][]::new));
        List<Buffer> operands = new ArrayList<>(call.inputs());
        operands.add(y);
        Pace pace = places.isInGroupsOf(Pace.FOUR.size()) ? pace(y.size(), operands) : Pace.ONE;
        long count = pace.count(y.size());
        Arguments arguments = shop.arguments();
        operands.forEach(operand -> arguments.address(address(operand)));
        shop.launch(
                MODULE,
                pace.kernel(Workshop.kernel(name, y.type().dtype())),
                Grid.elements(count),
                arguments.number(count).struct(places.inGroupsOf(pace.size()).struct(shop.arena())));
    }

    /** Only functions of floats have variants that count in fours; those of doubles would be long, and are rare. */
    private static Pace pace(long elements, List<Buffer> buffers) {
        return buffers.getLast().type().dtype() == DType.F32 ? Pace.of(elements, buffers) : Pace.ONE;
    }

    private static Constants constants(Unary op) {
        return switch (op) {
            case Clamp(double low, double high) -> new Constants(low, high);
            case Elu(double scale) -> new Constants(scale, 0);
            case Huber(double threshold) -> new Constants(threshold, 0);
            case LeakyRelu(double leak) -> new Constants(leak, 0);
            case Power(double exponent) -> new Constants(exponent, 0);
            case Abs _,
                    Erf _,
                    Exp _,
                    Floor _,
                    Gelu _,
                    GeluSlope _,
                    Log _,
                    Log1p _,
                    Negate _,
                    Relu _,
                    Round _,
                    Sigmoid _,
                    Sign _,
                    Silu _,
                    Softplus _,
                    Sqrt _,
                    Square _,
                    Tanh _ -> Constants.NONE;
        };
    }
}
