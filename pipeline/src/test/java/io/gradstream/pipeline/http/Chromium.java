package io.gradstream.pipeline.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A page in a browser without a screen, spoken to in the browser's own protocol for developers. */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final HttpClient client;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting;
    private final List<String> faults;

    private Chromium(
            Process process,
            HttpClient client,
            WebSocket socket,
            Map<Integer, CompletableFuture<JsonNode>> waiting,
            List<String> faults) {
        this.process = process;
        this.client = client;
        this.socket = socket;
        this.waiting = waiting;
        this.faults = faults;
    }

    static Chromium open(Path profile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--window-size=1400,1500",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            URI browser = listening(process.errorReader());
            HttpClient client = HttpClient.newHttpClient();
            Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
            List<String> faults = new CopyOnWriteArrayList<>();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(page(client, browser), new Ear(waiting, faults))
                    .join();
            Chromium chromium = new Chromium(process, client, socket, waiting, faults);
            chromium.call("Runtime.enable", Map.of());
            chromium.call("Log.enable", Map.of());
            chromium.call("Page.enable", Map.of());
            return chromium;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    void show(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression on the page. */
    JsonNode ask(String expression) {
        return call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
                .at("/result/value");
    }

    void waitUntil(String condition) throws InterruptedException {
        while (!ask("Boolean(" + condition + ")").asBoolean()) {
            Thread.sleep(50);
        }
    }

    void press(String key) {
        call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /** Makes the page believe that its reader likes this color scheme. */
    void prefer(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    byte[] picture() {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of("format", "png"))
                        .get("data")
                        .textValue());
    }

    /** What the page's scripts threw and what the browser complained of, such as a breach of the page's policy. */
    List<String> faults() {
        return faults;
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        JsonNode said = answer.join();
        if (said.has("error")) {
            throw new IllegalStateException(method + ": " + said.get("error"));
        }
        return said.get("result");
    }

    private static URI listening(BufferedReader err) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> err.lines().forEach(_ -> {}));
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException("the browser ended before it listened");
    }

    private static URI page(HttpClient client, URI browser) throws IOException, InterruptedException {
        URI list = URI.create("http://" + browser.getAuthority() + "/json/list");
        String body = client.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        for (JsonNode target : JSON.readTree(body)) {
            if (target.get("type").textValue().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").textValue());
            }
        }
        throw new IOException("the browser has no page: " + body);
    }

    @Override
    public void close() {
        socket.abort();
        client.close();
        process.destroy();
        process.onExit().join();
    }

    /** Hears what the browser says, in pieces. */
    private static final class Ear implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> waiting;
        private final List<String> faults;
        private final StringBuilder pieces = new StringBuilder();

        Ear(Map<Integer, CompletableFuture<JsonNode>> waiting, List<String> faults) {
            this.waiting = waiting;
            this.faults = faults;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            pieces.append(data);
            if (last) {
                hear(pieces.toString());
                pieces.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            waiting.values().forEach(each -> each.completeExceptionally(error));
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            onError(socket, new IOException("the browser hung up: " + reason));
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }

        private void hear(String text) {
            JsonNode message;
            try {
                message = JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the browser must speak JSON: " + text, e);
            }
            if (message.has("id")) {
                requireNonNull(waiting.remove(message.get("id").intValue())).complete(message);
            } else if (message.get("method").textValue().equals("Runtime.exceptionThrown")
                    || message.at("/params/entry/level").asText().equals("error")) {
                faults.add(message.get("params").toString());
            }
        }
    }
}
