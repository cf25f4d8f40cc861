package io.gradstream.autodiff.device.cpu;

/** A status other than success from a oneDNN function. */
final class OneDnnException extends RuntimeException {
    private final int status;

    OneDnnException(String function, int status) {
        super("native call must succeed: function=" + function + " status=" + name(status));
        this.status = status;
    }

    int status() {
        return status;
    }

    private static String name(int status) {
        return switch (status) {
            case 1 -> "out-of-memory";
            case 2 -> "invalid-arguments";
            case OneDnn.UNIMPLEMENTED -> "unimplemented";
            case 4 -> "last-impl-reached";
            case 5 -> "runtime-error";
            case 6 -> "not-required";
            case 7 -> "invalid-graph";
            case 8 -> "invalid-graph-op";
            case 9 -> "invalid-shape";
            case 10 -> "invalid-data-type";
            default -> Integer.toString(status);
        };
    }
}
