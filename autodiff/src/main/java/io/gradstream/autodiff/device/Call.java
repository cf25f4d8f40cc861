package io.gradstream.autodiff.device;

import io.gradstream.autodiff.op.Kernel;
import java.util.List;

/**
 * A kernel with the places of its operands and of its result. The result of an in-place kernel is the place of its first
 * operand; the result of an elementwise kernel (also a fused one) may be exactly the place of an operand of the same type; otherwise the result
 * overlaps no operand.
 */
public record Call(Kernel kernel, List<Buffer> inputs, Buffer output) {

    public Call {
        inputs = List.copyOf(inputs);
    }

    public Buffer input(int index) {
        return inputs.get(index);
    }
}
