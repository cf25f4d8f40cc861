package io.gradstream.gpu.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Work that was recorded once and is asked for by one call. */
public final class Graph implements AutoCloseable {
    private final CUgraphExec graph = new CUgraphExec();

    /** Takes a captured graph, which is not needed after it. */
    Graph(CUgraph captured) {
        try {
            Status.check("cuGraphInstantiate", JCudaDriver.cuGraphInstantiate(graph, captured, 0));
        } finally {
            JCudaDriver.cuGraphDestroy(captured);
        }
    }

    /** Does the work again. */
    public void launch(Stream on) {
        Status.check("cuGraphLaunch", JCudaDriver.cuGraphLaunch(graph, on.handle()));
    }

    @Override
    public void close() {
        Status.check("cuGraphExecDestroy", JCudaDriver.cuGraphExecDestroy(graph));
    }
}
