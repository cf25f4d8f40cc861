package io.gradstream.pipeline.recovery;

import io.gradstream.config.Configuration;
import java.util.List;

/** What was published cannot be brought about again. */
public final class RecoveryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RecoveryException(String message) {
        super(message);
    }

    private RecoveryException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Says what is different now and what to do.
     *
     * @param before the configuration under which the rows were learned from
     */
    public static RecoveryException explain(RuntimeException failure, String before, Configuration now) {
        List<String> changes = ConfigurationChanges.between(before, now.effectiveYaml());
        String advice = changes.isEmpty()
                ? "the configuration is the same, so look for another device, another build, or rows that were changed; to go on from the"
                        + " published weights alone, move the checkpoints away: directory="
                        + now.checkpoint().directory()
                : "start once with the configuration as it was, until training has caught up, or move the checkpoints away to go on from"
                        + " the published weights alone: directory="
                        + now.checkpoint().directory() + " changed=" + changes;
        return new RecoveryException(failure.getMessage() + "; " + advice, failure);
    }
}
