package io.gradstream.pipeline.cli;

import io.gradstream.connectors.broker.EmbeddedBroker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a Kafka broker in this process until it is interrupted. */
@Command(name = "broker", description = "An embedded single-node Kafka broker that other processes can use.")
final class BrokerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9092",
            description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the data is kept; without it, it is gone when the broker ends.")
    private @Nullable Path data;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(port);
        if (data != null) {
            builder.directory(data);
        }
        try (Interruption interruption = Interruption.listen();
                EmbeddedBroker broker = builder.start()) {
            interruption.calls(stop::countDown);
            out.println(broker.bootstrap());
            out.flush();
            stop.await();
            return interruption.requested() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }
}
