package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.load.outside.FrontDoor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A trainer's own server as seen from outside: its meters, and what can be asked of it. */
final class ControlRoom implements AutoCloseable {
    static final String TOKEN = "let-me-in";

    private static final Pattern URL = Pattern.compile("http server: (http://\\S+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;

    private ControlRoom(URI server) {
        this.server = server;
    }

    /** Of a trainer that is configured with {@code http: {port: 0, token: …}} and begins. */
    static ControlRoom of(FrontDoor trainer) throws InterruptedException {
        assertThat(trainer.says("training begins")).as(trainer.log()).isTrue();
        Matcher url = URL.matcher(trainer.log());
        assertThat(url.find()).as(trainer.log()).isTrue();
        return new ControlRoom(URI.create(url.group(1)));
    }

    /** A meter's value, the sum over its series; 0 while there are none. */
    long meter(String name) throws Exception {
        double sum = 0;
        for (String line :
                ask(HttpRequest.newBuilder(server.resolve("/metrics"))).split("\n", -1)) {
            String value = line.substring(line.lastIndexOf(' ') + 1);
            if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
                sum += value.equals("NaN") ? 0 : Double.parseDouble(value);
            }
        }
        return Math.round(sum);
    }

    /** Asks and returns when it is done. */
    void control(String request) throws Exception {
        ask(HttpRequest.newBuilder(server.resolve("/api/control/" + request))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String ask(HttpRequest.Builder request) throws Exception {
        var answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
