package io.gradstream.gpu;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;

/** A program that loads the libraries and prints what cuBLAS says it is, or why they cannot be loaded. */
final class LoadCudaLibraries {
    private LoadCudaLibraries() {}

    public static void main(String[] arguments) {
        try {
            CudaLibraries libraries = CudaLibraries.load();
            if (!libraries.equals(CudaLibraries.load())) {
                throw new AssertionError("libraries must be the same however often they are asked for");
            }
            System.out.println("driver " + libraries.driverVersion() + ", cuBLAS " + cublasVersion());
        } catch (CudaUnavailableException e) {
            System.out.println(e.getMessage());
        }
    }

    private static int cublasVersion() {
        JCudaDriver.setExceptionsEnabled(true);
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        CUcontext context = new CUcontext();
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        JCudaDriver.cuCtxSetCurrent(context);
        cublasHandle handle = new cublasHandle();
        JCublas2.cublasCreate(handle);
        int[] version = new int[1];
        JCublas2.cublasGetVersion(handle, version);
        JCublas2.cublasDestroy(handle);
        return version[0];
    }
}
