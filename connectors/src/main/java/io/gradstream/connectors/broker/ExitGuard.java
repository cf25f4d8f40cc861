package io.gradstream.connectors.broker;

import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a broker that meets a fatal fault from taking this whole JVM with it. */
final class ExitGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ExitGuard.class);

    private ExitGuard() {}

    static void install() {
        Exit.setExitProcedure(ExitGuard::refuse);
        Exit.setHaltProcedure(ExitGuard::refuse);
    }

    private static void refuse(int status, @Nullable String message) {
        LOG.error("the embedded broker gave up: status={} message={}", status, message);
        throw new IllegalStateException("the embedded broker gave up: status=" + status + " message=" + message);
    }
}
