package io.gradstream.gpu.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels on one card: modules that the driver compiles when a kernel of theirs is asked for first. */
public final class Kernels implements AutoCloseable {
    private static final String FOLDER = "/io/gradstream/gpu/ptx/";

    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, CUfunction> functions = new HashMap<>();
    private final Map<String, List<Long>> parameters = new HashMap<>();

    /** The kernel of a module with a name, which takes arguments of these sizes. */
    synchronized CUfunction find(String module, String name, List<Long> sizes) {
        CUfunction found = functions.computeIfAbsent(name, _ -> {
            CUfunction function = new CUfunction();
            Status.check(
                    "cuModuleGetFunction " + module + " " + name,
                    JCudaDriver.cuModuleGetFunction(function, modules.computeIfAbsent(module, this::load), name));
            return function;
        });
        if (!sizes.equals(parameters.get(name))) {
            throw new IllegalArgumentException("arguments must have the sizes of the kernel's parameters: kernel="
                    + name + " arguments=" + sizes + " parameters=" + parameters.get(name));
        }
        return found;
    }

    private CUmodule load(String name) {
        CUmodule module = new CUmodule();
        String ptx = ptx(name);
        Status.check("cuModuleLoadData " + name, JCudaDriver.cuModuleLoadData(module, ptx));
        parameters.putAll(KernelParameters.parse(ptx));
        return module;
    }

    private static String ptx(String module) {
        try (InputStream in = Kernels.class.getResourceAsStream(FOLDER + module + ".ptx")) {
            if (in == null) {
                throw new IllegalArgumentException("a module must be among the resources: module=" + module);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (CUmodule module : modules.values()) {
            Status.check("cuModuleUnload", JCudaDriver.cuModuleUnload(module));
        }
        modules.clear();
        functions.clear();
    }
}
