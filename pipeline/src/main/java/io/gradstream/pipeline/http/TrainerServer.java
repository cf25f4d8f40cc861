package io.gradstream.pipeline.http;

import io.gradstream.config.HttpSettings;
import io.gradstream.pipeline.operation.Operation;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The server of one trainer. It answers from before the broker is reached until the trainer has ended. */
public final class TrainerServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrainerServer.class);
    private static final int LONGEST_REQUEST_LINE = 4 << 10;
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration WHOLE_REQUEST = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    /** The port that gives way: two trainers with default settings may share a machine. */
    private static final int DEFAULT_PORT = 8080;

    private final LoopResources threads;
    private final DisposableServer server;

    private TrainerServer(LoopResources threads, DisposableServer server) {
        this.threads = threads;
        this.server = server;
    }

    /**
     * Starts a server.
     *
     * @return null if the configuration wants none
     * @throws HttpException if the address cannot be listened on
     */
    public static @Nullable TrainerServer start(Operation operation) {
        return start(operation, WHOLE_REQUEST);
    }

    static @Nullable TrainerServer start(Operation operation, Duration wholeRequest) {
        Optional<Integer> port = operation.configuration().http().port();
        if (port.isEmpty()) {
            return null;
        }
        TrainerServer server = new Binding(operation, wholeRequest).open(port.get());
        log.info("http server: {}", server.url());
        return server;
    }

    public int port() {
        return server.port();
    }

    /** Where a browser on this machine finds the dashboard. */
    public String url() {
        InetSocketAddress address = (InetSocketAddress) server.address();
        String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    @Override
    public void close() {
        server.disposeNow(GOODBYE);
        threads.disposeLater(Duration.ZERO, GOODBYE).block();
    }

    /** The way from an operation to a server that listens for it. */
    private static final class Binding {
        private final HttpSettings settings;
        private final LoopResources threads = LoopResources.create("gradstream-http", 1, 2, true);
        private final HttpServer server;

        Binding(Operation operation, Duration wholeRequest) {
            settings = operation.configuration().http();
            Connections connections = new Connections(wholeRequest);
            Router router = new Router(operation, new RequestRules(settings), threads.onServer(true));
            server = HttpServer.create()
                    .host(settings.host())
                    .runOn(threads)
                    .httpRequestDecoder(limits -> limits.maxInitialLineLength(LONGEST_REQUEST_LINE)
                            .maxHeaderSize(MOST_HEADER_BYTES)
                            .validateHeaders(true)
                            .allowDuplicateContentLengths(false))
                    .idleTimeout(IDLE)
                    .doOnChannelInit((_, channel, _) -> connections.accept(channel))
                    .handle(router::answer);
        }

        TrainerServer open(int port) {
            try {
                return new TrainerServer(threads, listen(port));
            } catch (ChannelBindException e) {
                threads.disposeLater(Duration.ZERO, GOODBYE).block();
                throw new HttpException(
                        "the http server must be able to listen; choose another http.port, 0 for any free one, off for no server:"
                                + " http.host=" + settings.host() + " http.port=" + port + " reason=" + reason(e),
                        e);
            }
        }

        private DisposableServer listen(int port) {
            try {
                return server.port(port).bindNow();
            } catch (ChannelBindException e) {
                if (port != DEFAULT_PORT || !(e.getCause() instanceof BindException)) {
                    throw e;
                }
                DisposableServer elsewhere = server.port(0).bindNow();
                log.warn("http.port is taken, another one is used: port={} instead={}", port, elsewhere.port());
                return elsewhere;
            }
        }

        private static String reason(ChannelBindException e) {
            return String.valueOf(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        }
    }
}
