package io.gradstream.pipeline.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.connectors.kafka.PartitionStatus;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.pipeline.http.Wire.Reply;
import io.gradstream.pipeline.operation.Asked;
import io.gradstream.pipeline.operation.Landmark;
import io.gradstream.pipeline.operation.Operation;
import io.gradstream.pipeline.operation.Phase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over real sockets; what it shows is made by hand. */
class TrainerServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Operation operation;
    private TrainerServer server;

    @BeforeEach
    void start() {
        operation = Operations.controlled();
        server = requireNonNull(TrainerServer.start(operation));
    }

    @AfterEach
    void stop() {
        server.close();
        operation.close();
    }

    @Test
    void isLiveBeforeItIsReady() throws IOException {
        assertThat(get("/health/live").status()).isEqualTo(200);
        Reply connecting = get("/health/ready");
        assertThat(connecting.status()).isEqualTo(503);
        assertThat(connecting.body()).contains("connecting");

        operation.phase(Phase.RECOVERING);
        assertThat(get("/health/ready").status()).isEqualTo(503);
        assertThat(get("/health/ready").body()).contains("recovering");

        operation.phase(Phase.TRAINING);
        assertThat(get("/health/ready").body()).contains("no partition is assigned");

        operation.reads(() -> Map.of(new TopicPartition("events", 0), new PartitionStatus(5, 5, OptionalLong.of(9))));
        assertThat(get("/health/ready").status()).isEqualTo(200);

        operation.controls().paused(true);
        assertThat(get("/health/ready").status()).isEqualTo(503);
        assertThat(get("/health/ready").body()).contains("paused");

        operation.phase(Phase.FAILED);
        assertThat(get("/health/live").status()).isEqualTo(503);
    }

    @Test
    void showsEverythingButSecrets() throws IOException {
        operation.phase(Phase.TRAINING);
        operation.trainsOn(new Card());
        operation.reads(() -> Map.of(new TopicPartition("events", 2), new PartitionStatus(5, 4, OptionalLong.of(9))));
        operation.stepped(Operations.figures(30));
        operation.published(new Landmark(3, 30, 3000, Instant.EPOCH));
        operation.kept(new Landmark(3, 30, 3000, Instant.EPOCH), Duration.ofMillis(20));

        Reply reply = get("/api/status");
        JsonNode status = JSON.readTree(reply.body());
        assertThat(status.get("name").textValue()).isEqualTo("clicks");
        assertThat(status.get("state").textValue()).isEqualTo("training");
        assertThat(status.get("version").longValue()).isEqualTo(3);
        assertThat(status.get("rows").longValue()).isEqualTo(3000);
        assertThat(status.get("device").textValue()).isEqualTo("card");
        assertThat(status.at("/device_memory/used").longValue()).isEqualTo(3L << 30);
        assertThat(status.at("/device_memory/free").longValue()).isEqualTo(5L << 30);
        assertThat(status.get("lag").longValue()).isEqualTo(4);
        assertThat(status.at("/partitions/events/2/published").longValue()).isEqualTo(4);
        assertThat(status.at("/checkpoint/step").longValue()).isEqualTo(30);
        assertThat(status.at("/configuration/kafka/properties/sasl.jaas.config").textValue())
                .isEqualTo("******");
        assertThat(status.at("/configuration/http/token").textValue()).isEqualTo("******");
        assertThat(reply.body()).doesNotContain("hush-hush", Operations.TOKEN);
    }

    @Test
    void saysNothingOfTheMemoryOfADeviceThatHasNone() throws IOException {
        operation.trainsOn(new ReferenceDevice());

        JsonNode status = JSON.readTree(get("/api/status").body());
        assertThat(status.get("device").textValue()).isEqualTo("reference");
        assertThat(status.has("device_memory")).isFalse();
        assertThat(get("/metrics").body()).contains("gradstream_device_memory_used_bytes NaN");
    }

    /** A device with memory of its own. */
    private static final class Card extends ForwardingDevice {
        Card() {
            super(new ReferenceDevice());
        }

        @Override
        public String name() {
            return "card";
        }

        @Override
        public Optional<MemoryUse> memory() {
            return Optional.of(new MemoryUse(3L << 30, 5L << 30));
        }
    }

    @Test
    void countsForPrometheus() throws IOException {
        operation.phase(Phase.TRAINING);
        operation.trainsOn(new Card());
        operation.stepped(Operations.figures(30));
        operation.happened(new MetricEvent("drift", 30, 3, Instant.EPOCH, Map.of()));
        operation.published(new Landmark(3, 30, 3000, Instant.EPOCH));
        operation.kept(new Landmark(3, 30, 3000, Instant.EPOCH), Duration.ofMillis(20));
        operation.notKept(30, "the disk is full");

        Reply reply = get("/metrics");
        assertThat(reply.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(reply.body())
                .contains(
                        "gradstream_phase{phase=\"training\"} 1.0",
                        "gradstream_phase{phase=\"connecting\"} 0.0",
                        "gradstream_training_rows 3000.0",
                        "gradstream_device_memory_used_bytes 3.221225472E9",
                        "gradstream_device_memory_free_bytes 5.36870912E9",
                        "gradstream_events_total{event=\"drift\"} 1.0",
                        "gradstream_published_version 3.0",
                        "gradstream_published_latency_seconds_count 1",
                        "gradstream_checkpoint_duration_seconds_count 1",
                        "gradstream_checkpoint_failures_total 1.0");
        assertThat(reply.body()).doesNotContain("hush-hush");
    }

    @Test
    void streamsRecordsAsTheyAreMade() throws IOException {
        try (Socket socket = listen()) {
            InputStream in = socket.getInputStream();
            assertThat(Wire.readUntil(in, ": records follow\n\n")).contains("text/event-stream");
            MetricRecord step = Operations.figures(7);
            operation.stepped(Operations.figures(7));
            String data = Wire.readUntil(in, "\n\n");
            assertThat(data).contains("data: " + new String(step.toJson(), StandardCharsets.UTF_8) + "\n\n");
            operation.happened(new MetricEvent("drift", 7, 1, Instant.EPOCH, Map.of("column", "age")));
            assertThat(Wire.readUntil(in, "\n\n")).contains("\"event\":\"drift\"", "\"column\":\"age\"");
        }
        JsonNode recent = JSON.readTree(get("/api/recent").body());
        assertThat(recent.size()).isEqualTo(2);
        assertThat(recent.get(0).get("step").longValue()).isEqualTo(7);
    }

    @Test
    void tellsASlowClientWhatItMissedAndHoldsNobodyUp() throws IOException {
        int records = 100_000;
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4 << 10);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            askForStream(socket);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Wire.readUntil(in, ": records follow\n\n");
            for (int step = 1; step <= records; step++) {
                operation.stepped(Operations.figures(step));
                if (step % 1000 == 0) {
                    Thread.yield();
                }
            }
            String heard = Wire.readUntil(in, "\"step\":" + records + ",");
            long told = heard.lines()
                    .filter(line -> line.startsWith("data: {\"step\""))
                    .count();
            long missed = heard.lines()
                    .filter(line -> line.startsWith("data: {\"records\":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            assertThat(missed).isPositive();
            // the line of the last record is not read to its end
            assertThat(told + missed).isBetween((long) records - 1, (long) records);
        }
    }

    @Test
    void forgetsListenersThatLeave() throws IOException {
        try (Socket socket = listen()) {
            Wire.readUntil(socket.getInputStream(), ": records follow\n\n");
            assertThat(operation.records().listeners()).isEqualTo(1);
        }
        while (operation.records().listeners() > 0) {
            operation.stepped(Operations.figures(1));
            Thread.onSpinWait();
        }
    }

    @Test
    void servesTheDashboardUnderAStrictPolicy() throws IOException {
        for (String path : new String[] {"/", "/dashboard.css", "/dashboard.js", "/chart.js", "/favicon.svg"}) {
            assertThat(get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(get("/").body())
                .contains("<script type=\"module\" src=\"/dashboard.js\"></script>")
                .doesNotContain("style=", "onclick", "http://", "https://");
        assertThat(get("/?x=<script>").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "/..%2f..%2fetc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/dashboard.js/../../../pom.xml",
                "//etc/passwd",
                "/./",
                "/index.html",
                "/dashboard.css%00.html",
                "/api/status/",
                "/API/STATUS",
                "/api/control/",
                "/api/control/../status",
                "\\..\\..\\windows\\win.ini",
                "http://localhost/api/status",
                "*",
            })
    void leadsNowhereElse(String path) throws IOException {
        Reply reply = Wire.ask(server.port(), "GET", path);
        assertThat(reply.status()).isBetween(400, 404);
        assertThat(reply.body()).doesNotContain("root:", "<project", "clicks");
        assertHardened(reply);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/status",
        "PUT, /",
        "DELETE, /metrics",
        "OPTIONS, /api/stream",
        "TRACE, /api/status",
        "GET, /api/control/pause",
        "HEAD, /api/control/pause",
        "PUT, /api/control/pause",
    })
    void allowsOnlyTheMethodsThatMakeSense(String method, String path) throws IOException {
        Reply reply = Wire.ask(server.port(), method, path, "Authorization: Bearer " + Operations.TOKEN);
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers()).containsKey("allow");
        assertHardened(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/status", "/api/stream", "/metrics"})
    void answersHeadWithoutABody(String path) throws IOException {
        Reply reply = Wire.ask(server.port(), "HEAD", path);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
        assertHardened(reply);
    }

    @Test
    void hardensEveryAnswerAlsoToWhatIsNotHttp() throws IOException {
        assertHardened(get("/api/status"));
        assertHardened(get("/nowhere"));
        Reply longPath = refused("GET /" + "x".repeat(4_100));
        assertThat(longPath.status()).isEqualTo(414);
        assertHardened(longPath);
        Reply longHeader = refused("GET / HTTP/1.1\r\nX-Large: " + "x".repeat(16_400));
        assertThat(longHeader.status()).isEqualTo(431);
        assertHardened(longHeader);
        Reply garbage = Wire.exchange(server.port(), "\u0016\u0003\u0001\u0002\r\n\r\n");
        assertThat(garbage.status()).isEqualTo(400);
        assertHardened(garbage);
    }

    @Test
    void takesNoBodies() throws IOException {
        assertThat(Wire.ask(server.port(), "POST", "/api/control/pause", "Content-Length: 999999999")
                        .status())
                .isEqualTo(413);
        assertThat(Wire.ask(server.port(), "POST", "/api/control/pause", "Transfer-Encoding: chunked")
                        .status())
                .isEqualTo(411);
        assertThat(Wire.ask(server.port(), "POST", "/api/control/pause", "Content-Length: 0", "Content-Length: 5")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", "[::2]"})
    void answersToNoNameThatAPageOfTheWebCouldUse(String host) throws IOException {
        Reply reply = Wire.exchange(
                server.port(), "GET /api/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(reply.status()).isEqualTo(421);
        assertThat(reply.body()).doesNotContain("clicks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "LOCALHOST:1", "[::1]:8080"})
    void answersToNamesOfItsOwnMachine(String host) throws IOException {
        assertThat(Wire.exchange(
                                server.port(),
                                "GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void wantsExactlyOneHost() throws IOException {
        assertThat(Wire.exchange(server.port(), "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(Wire.exchange(
                                server.port(),
                                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void letsNobodyControlWithoutTheToken() throws IOException {
        attend();
        for (String[] headers : new String[][] {
            {},
            {"Authorization: Bearer"},
            {"Authorization: Bearer wrong"},
            {"Authorization: Bearer " + Operations.TOKEN + "x"},
            {"Authorization: Basic " + Operations.TOKEN},
            {"Authorization: Bearer " + Operations.TOKEN, "Authorization: Bearer " + Operations.TOKEN},
            {"X-Token: " + Operations.TOKEN},
        }) {
            Reply reply = Wire.ask(server.port(), "POST", "/api/control/publish", headers);
            assertThat(reply.status()).as(String.join(",", headers)).isEqualTo(401);
            assertThat(reply.headers()).containsKey("www-authenticate");
        }
        assertThat(Wire.ask(server.port(), "POST", "/api/control/publish?token=" + Operations.TOKEN)
                        .status())
                .isEqualTo(401);
        assertThat(control("publish").status()).isEqualTo(200);
    }

    @Test
    void letsNoOtherSiteControl() throws IOException {
        attend();
        for (String header : new String[] {
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: http://localhost:1",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site"
        }) {
            assertThat(control("publish", header).status()).as(header).isEqualTo(403);
        }
        assertThat(control("publish", "Origin: http://localhost:" + server.port(), "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void saysWhyAControlMakesNoSense() throws IOException {
        Reply nobody = control("pause");
        assertThat(nobody.status()).isEqualTo(409);
        assertThat(nobody.body()).contains("nothing is being trained now");
    }

    /** Training answers on a thread of its own, while the same connection may be asking already for the next thing. */
    @Test
    void answersOnAConnectionThatIsKept() throws Exception {
        operation
                .controls()
                .attend(() -> Thread.ofVirtual().start(() -> {
                    Asked asked = operation.controls().take();
                    if (asked != null) {
                        asked.done(10, 1);
                    }
                }));
        URI here = URI.create(server.url());
        HttpRequest control = HttpRequest.newBuilder(here.resolve("/api/control/publish"))
                .header("Authorization", "Bearer " + Operations.TOKEN)
                .POST(BodyPublishers.noBody())
                .build();
        HttpRequest status = HttpRequest.newBuilder(here.resolve("/api/status")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.send(control, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
                assertThat(client.send(status, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void hasNoControlWithoutAToken() throws IOException {
        try (Operation open = Operations.of();
                TrainerServer uncontrolled = requireNonNull(TrainerServer.start(open))) {
            Reply reply = Wire.ask(uncontrolled.port(), "POST", "/api/control/pause", "Authorization: Bearer ");
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).contains("http.token");
        }
    }

    @Test
    void hangsUpOnARequestThatNeverComesToItsPoint() throws IOException {
        try (Operation quick = Operations.of();
                TrainerServer impatient = requireNonNull(TrainerServer.start(quick, Duration.ofMillis(500)));
                Socket socket = new Socket("127.0.0.1", impatient.port())) {
            Thread trickle = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.UTF_8));
                    while (true) {
                        socket.getOutputStream().write('x');
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException hungUp) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(readToTheEnd(socket)).isEmpty();
            trickle.interrupt();
        }
    }

    @Test
    void namesTheKeyAndThePortThatIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Operation second = Operations.of("http.port=" + other.getLocalPort())) {
            assertThatThrownBy(() -> TrainerServer.start(second))
                    .isInstanceOf(HttpException.class)
                    .hasMessageContaining("http.port=" + other.getLocalPort());
        }
    }

    @Test
    void isNotThereWhereItIsOff() {
        try (Operation off = Operations.of("http.port=off")) {
            assertThat(TrainerServer.start(off)).isNull();
        }
    }

    /** Does at once whatever is asked. */
    private void attend() {
        operation.controls().attend(() -> {
            for (Asked asked = operation.controls().take();
                    asked != null;
                    asked = operation.controls().take()) {
                asked.done(10, 1);
            }
        });
    }

    private Reply get(String path) throws IOException {
        return Wire.ask(server.port(), "GET", path);
    }

    private Reply control(String name, String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Authorization: Bearer " + Operations.TOKEN;
        return Wire.ask(server.port(), "POST", "/api/control/" + name, all);
    }

    /** A server that hangs up before it has read everything may take its answer with it. */
    private Reply refused(String request) throws IOException {
        while (true) {
            try {
                return Wire.exchange(server.port(), request);
            } catch (SocketException reset) {
                assertThat(get("/health/live").status()).isEqualTo(200);
            }
        }
    }

    private Socket listen() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        askForStream(socket);
        return socket;
    }

    private static void askForStream(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private static String readToTheEnd(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static void assertHardened(Reply reply) {
        assertThat(reply.headers())
                .containsEntry("content-security-policy", ResponseHeaders.CONTENT_SECURITY_POLICY)
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("referrer-policy", "no-referrer")
                .containsKey("cache-control")
                .doesNotContainKeys("server", "access-control-allow-origin", "x-powered-by");
    }
}
