package io.gradstream.pipeline.cli;

import io.gradstream.config.ConfigurationException;
import io.gradstream.connectors.kafka.SecurityAdvice;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one clear message, and the whole story only to those who log at debug level. */
public final class Failures implements IExecutionExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigurationException configuration) {
            configuration.faults().forEach(err::println);
            return ExitCode.BAD_USAGE;
        }
        log.debug("the command failed", failure);
        err.println("gradstream: " + message(failure));
        SecurityAdvice.of(failure).ifPresent(err::println);
        return ExitCode.FAILED;
    }

    /** The message of a failure and of what caused it, as far as each says something new. */
    static String message(Throwable failure) {
        StringBuilder message = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String own = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            if (message.indexOf(own) < 0) {
                message.append(message.isEmpty() ? "" : ": ").append(own);
            }
        }
        return message.toString();
    }
}
