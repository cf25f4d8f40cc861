package io.gradstream.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a kernel takes of a card, as the compiler from PTX reports it; spilled are bytes of registers that did not fit. */
record CompiledKernel(String name, int registers, int spilledBytes, int stackBytes) {
    private static final Pattern KERNEL = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");

    /** Reads the compiler's report: a kernel's stack comes before its registers; what follows are functions it calls. */
    static List<CompiledKernel> parse(String report) {
        List<CompiledKernel> kernels = new ArrayList<>();
        String name = "";
        int stack = 0;
        int spilled = 0;
        for (String line : report.lines().toList()) {
            Matcher kernel = KERNEL.matcher(line);
            Matcher bytes = STACK.matcher(line);
            Matcher registers = REGISTERS.matcher(line);
            if (kernel.find()) {
                name = kernel.group(1);
                stack = 0;
                spilled = 0;
            } else if (bytes.find()) {
                stack += Integer.parseInt(bytes.group(1));
                spilled += Integer.parseInt(bytes.group(2)) + Integer.parseInt(bytes.group(3));
            } else if (registers.find()) {
                kernels.add(new CompiledKernel(name, Integer.parseInt(registers.group(1)), spilled, stack));
            }
        }
        return kernels;
    }
}
