package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.RandomNormal;
import io.gradstream.autodiff.op.RandomUniform;
import io.gradstream.autodiff.op.Stochastic;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;

/** Random numbers: {@code random.cu}. */
final class StochasticWork {

    private StochasticWork() {}

    static void add(Stochastic op, Call call, Workshop shop) {
        Buffer y = call.output();
        if (y.size() == 0) {
            return;
        }
        Arguments arguments = shop.arguments();
        call.inputs().forEach(input -> arguments.address(address(input)));
        arguments.address(address(y)).number(y.size()).number(op.draws().seed()).number(op.draws().stream());
        switch (op) {
            case Dropout dropout -> arguments.number(dropout.threshold()).number(dropout.scale());
            case RandomUniform _, RandomNormal _ -> {} // what they draw by is all there is
        }
        shop.launch("random", Workshop.kernel(op.name(), y.type().dtype()), Grid.elements(y.size()), arguments);
    }
}
