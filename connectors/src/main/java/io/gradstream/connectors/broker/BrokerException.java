package io.gradstream.connectors.broker;

import java.net.BindException;

/** A node that did not come up, or went down by itself. */
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether another process holds a port that a node wanted. */
    public boolean addressInUse() {
        for (Throwable cause = this; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
