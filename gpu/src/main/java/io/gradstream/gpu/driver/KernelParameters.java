package io.gradstream.gpu.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What kernels take, as their PTX says: the driver copies as many bytes from wherever an argument lies, and asks nobody. */
final class KernelParameters {
    private static final String ENTRY = ".entry ";
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param\\b[^,]*?\\.[bfsu](8|16|32|64)\\b[^,\\[]*(?:\\[(\\d+)])?");

    private KernelParameters() {}

    /** How many bytes each parameter has, by the names of the kernels. */
    static Map<String, List<Long>> parse(String ptx) {
        Map<String, List<Long>> kernels = new HashMap<>();
        for (int at = ptx.indexOf(ENTRY); at >= 0; at = ptx.indexOf(ENTRY, at + 1)) {
            int open = ptx.indexOf('(', at);
            String name = ptx.substring(at + ENTRY.length(), open).strip();
            kernels.put(name, sizes(ptx.substring(open + 1, ptx.indexOf(')', open))));
        }
        return kernels;
    }

    private static List<Long> sizes(String list) {
        List<Long> sizes = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(list);
        while (parameter.find()) {
            long each = Long.parseLong(parameter.group(1)) / Byte.SIZE;
            sizes.add(parameter.group(2) == null ? each : each * Long.parseLong(parameter.group(2)));
        }
        return sizes;
    }
}
