package io.gradstream.pipeline.cli;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.device.cpu.CpuFacts;
import io.gradstream.gpu.CudaDetection;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what this machine offers for training. */
@Command(name = "devices", description = "What was found, what will be used, and why not the others.")
final class DevicesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (CpuDevice cpu = CpuDevice.open()) {
            CpuFacts facts = cpu.facts();
            out.println("cpu   used for device: auto and cpu");
            out.println("      cores            " + Runtime.getRuntime().availableProcessors());
            out.println("      matrix products  " + facts.matrixProducts());
            out.println("      elementwise      " + facts.elementwise());
            reason(out, "oneDNN", facts.whyNoOneDnn());
            reason(out, "Vector API", facts.whyNoVectors());
        }
        out.println("cuda  not used");
        out.println("      reason           " + CudaDetection.detect().reason());
    }

    private static void reason(PrintWriter out, String what, String why) {
        if (!why.isBlank()) {
            out.println("      no " + what + ": " + why);
        }
    }
}
