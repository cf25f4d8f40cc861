package io.gradstream.autodiff.device.cpu;

/** The JDK's Vector API: there when its incubator module is, or the reason why it is not. */
final class VectorApi {
    private static final String MODULE = "jdk.incubator.vector";
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule(MODULE).isPresent();

    private VectorApi() {}

    static boolean isAvailable() {
        return AVAILABLE;
    }

    /** Why it is not available, or an empty string. */
    static String reason() {
        return AVAILABLE ? "" : "module not resolved: start Java with --add-modules=" + MODULE;
    }

    static String describe() {
        return "Java Vector API (" + VectorMath.FLOATS.vectorBitSize() + " bit)";
    }
}
