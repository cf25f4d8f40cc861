package io.gradstream.pipeline.cli;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.device.cpu.CpuFacts;
import io.gradstream.gpu.Cublas;
import io.gradstream.gpu.CudaDetection;
import io.gradstream.gpu.CudaLibraries;
import io.gradstream.gpu.CudaUnavailableException;
import java.io.PrintWriter;
import java.util.Optional;
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
        CudaDetection detection = CudaDetection.detect();
        Optional<String> whyNotCuda = whyNot(detection);
        try (CpuDevice cpu = CpuDevice.open()) {
            CpuFacts facts = cpu.facts();
            out.println("cpu   used for device: " + (whyNotCuda.isEmpty() ? "cpu" : "auto and cpu"));
            out.println("      cores            " + Runtime.getRuntime().availableProcessors());
            out.println("      matrix products  " + facts.matrixProducts());
            out.println("      elementwise      " + facts.elementwise());
            reason(out, "oneDNN", facts.whyNoOneDnn());
            reason(out, "Vector API", facts.whyNoVectors());
        }
        out.println("cuda  " + (whyNotCuda.isEmpty() ? "used for device: auto and cuda" : "not used"));
        whyNotCuda.ifPresent(why -> out.println("      reason           " + why));
        switch (detection) {
            case CudaDetection.Available available -> describe(out, available);
            case CudaDetection.Unavailable _ -> {}
        }
    }

    /** What is there may still refuse to be loaded. */
    private static Optional<String> whyNot(CudaDetection detection) {
        Optional<String> known = detection.whyNot(0);
        if (known.isPresent()) {
            return known;
        }
        try {
            CudaLibraries.load();
            return Optional.empty();
        } catch (CudaUnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void describe(PrintWriter out, CudaDetection.Available cuda) {
        out.println("      driver           for CUDA " + cuda.driver());
        switch (cuda.cublas()) {
            case Cublas.Found found -> out.println("      cuBLAS           " + found.library());
            case Cublas.Missing _ -> {}
        }
        cuda.cards().forEach(card -> out.println("      card             " + card.describe()));
    }

    private static void reason(PrintWriter out, String what, String why) {
        if (!why.isBlank()) {
            out.println("      no " + what + ": " + why);
        }
    }
}
