package io.gradstream.gpu;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's compiler from PTX to the code of a card, as JCuda brings it; it needs no card and no driver. */
final class PtxCompiler {
    static {
        JCudaNatives.load(
                Map.of("JNvPTXCompiler", UnaryOperator.identity()), () -> JNvPTXCompiler.setExceptionsEnabled(false));
    }

    private PtxCompiler() {}

    /** What the compiler says of each kernel of a text in PTX, compiled for an architecture such as {@code sm_90}. */
    static String report(String ptx, String architecture) {
        byte[] text = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        check("create", JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, text), compiler);
        try {
            String[] options = {"--gpu-name=" + architecture, "--verbose", "--warn-on-spills"};
            check(architecture, JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options), compiler);
            long[] size = new long[1];
            JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
            byte[] log = new byte[Math.toIntExact(size[0]) + 1];
            JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log);
            return text(log);
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    private static void check(String what, int status, nvPTXCompilerHandle compiler) {
        if (status != 0) {
            long[] size = new long[1];
            JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
            byte[] log = new byte[Math.toIntExact(size[0]) + 1];
            JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
            throw new AssertionError("PTX must compile: " + what + " status=" + status + "\n" + text(log));
        }
    }

    private static String text(byte[] log) {
        return new String(log, StandardCharsets.US_ASCII).replace("\0", "");
    }
}
