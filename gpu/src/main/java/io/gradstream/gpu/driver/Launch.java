package io.gradstream.gpu.driver;

import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;

/** A kernel with its arguments and its threads, prepared once. */
public final class Launch {
    private final String name;
    private final CUfunction function;
    private final Grid grid;
    private final Pointer arguments;

    public Launch(Kernels kernels, String module, String name, Grid grid, Arguments arguments) {
        this.name = name;
        this.function = kernels.find(module, name, arguments.sizes());
        this.grid = grid;
        this.arguments = Address.raw(arguments.pointers().address());
    }

    /** Asks for the work. */
    public void enqueue(Stream on) {
        int status = JCudaDriver.cuLaunchKernel(
                function,
                grid.blocksX(),
                grid.blocksY(),
                1,
                grid.threadsX(),
                grid.threadsY(),
                1,
                0,
                on.handle(),
                arguments,
                null);
        if (status != 0) {
            Status.check("cuLaunchKernel " + name, status);
        }
    }
}
