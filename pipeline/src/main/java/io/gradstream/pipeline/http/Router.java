package io.gradstream.pipeline.http;

import static java.util.Objects.requireNonNull;

import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.pipeline.http.RequestRules.Refusal;
import io.gradstream.pipeline.operation.Answer;
import io.gradstream.pipeline.operation.Operation;
import io.gradstream.pipeline.operation.Phase;
import io.gradstream.pipeline.operation.Readiness;
import io.gradstream.pipeline.operation.Request;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Leads every request to its answer. Paths are compared as they are written: nothing is decoded, joined or looked up in a file system. */
final class Router {
    private static final String READ = "GET, HEAD";
    private static final String CONTROL = "/api/control/";
    private static final int MOST_LISTENERS = 32;

    private final Operation operation;
    private final RequestRules rules;
    private final Scheduler clock;
    private final Map<String, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>>> readable;
    private final Map<String, Request> controls;

    Router(Operation operation, RequestRules rules, EventLoopGroup threads) {
        this.operation = operation;
        this.rules = rules;
        this.clock = Schedulers.fromExecutorService(threads);
        this.readable = Map.of(
                "/health/live", this::live,
                "/health/ready", this::ready,
                "/metrics", this::metrics,
                "/api/status", this::status,
                "/api/recent", this::recent,
                "/api/stream", this::stream);
        this.controls = Arrays.stream(Request.values())
                .collect(Collectors.toUnmodifiableMap(each -> CONTROL + each.label(), each -> each));
    }

    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        Optional<Refusal> refusal = rules.refuse(request.requestHeaders());
        if (refusal.isPresent()) {
            return refuse(response.keepAlive(false), refusal.get());
        }
        String path = path(request.uri());
        if (Pages.has(path)) {
            return reads(request) ? Pages.answer(path, response) : notAllowed(response, READ);
        }
        BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> reading = readable.get(path);
        if (reading != null) {
            return reads(request) ? reading.apply(request, response) : notAllowed(response, READ);
        }
        Request asked = controls.get(path);
        if (asked != null) {
            return request.method().equals(HttpMethod.POST)
                    ? control(asked, request, response)
                    : notAllowed(response, "POST");
        }
        return Answers.fault(response, HttpResponseStatus.NOT_FOUND, "there is nothing here");
    }

    private Publisher<Void> live(HttpServerRequest request, HttpServerResponse response) {
        boolean live = operation.phase() != Phase.FAILED;
        return Answers.json(
                response,
                live ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                Map.of("live", live, "state", operation.phase().label()));
    }

    private Publisher<Void> ready(HttpServerRequest request, HttpServerResponse response) {
        Readiness readiness = operation.readiness();
        return Answers.json(
                response,
                readiness.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                Map.of("ready", readiness.ready(), "reason", readiness.reason()));
    }

    private Publisher<Void> metrics(HttpServerRequest request, HttpServerResponse response) {
        return Answers.text(
                response,
                HttpResponseStatus.OK,
                "text/plain; version=0.0.4; charset=utf-8",
                operation.meters().scrape());
    }

    private Publisher<Void> status(HttpServerRequest request, HttpServerResponse response) {
        return Answers.json(response, HttpResponseStatus.OK, StatusPage.of(operation));
    }

    private Publisher<Void> recent(HttpServerRequest request, HttpServerResponse response) {
        String records = operation.records().newest().stream()
                .map(MetricRecord::toJson)
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .collect(Collectors.joining(",\n", "[", "]\n"));
        return Answers.text(response, HttpResponseStatus.OK, "application/json", records);
    }

    private Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        response.header(HttpHeaderNames.CONTENT_TYPE, EventStream.TYPE).keepAlive(false);
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.send();
        }
        if (operation.records().listeners() >= MOST_LISTENERS) {
            return Answers.fault(response, HttpResponseStatus.SERVICE_UNAVAILABLE, "too many clients listen already");
        }
        return response.send(EventStream.of(operation.records(), channel(response), clock), _ -> true);
    }

    private Publisher<Void> control(Request asked, HttpServerRequest request, HttpServerResponse response) {
        Optional<Refusal> refusal = rules.refuseControl(request.requestHeaders());
        if (refusal.isPresent()) {
            return refuse(response, refusal.get());
        }
        return Mono.fromFuture(() -> operation.controls().ask(asked), true)
                .publishOn(Schedulers.fromExecutor(channel(response).eventLoop()))
                .flatMap(answer -> Mono.from(answer(asked, answer, response)));
    }

    /** Whose thread has to send what comes from elsewhere: a connection that is kept stops reading when another one answers. */
    private static Channel channel(HttpServerResponse response) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        return requireNonNull(channel.get());
    }

    private static Publisher<Void> answer(Request asked, Answer answer, HttpServerResponse response) {
        return switch (answer) {
            case Answer.Done done ->
                Answers.json(
                        response,
                        HttpResponseStatus.OK,
                        Map.of("done", asked.label(), "step", done.step(), "version", done.version()));
            case Answer.Refused refused -> Answers.fault(response, HttpResponseStatus.CONFLICT, refused.reason());
        };
    }

    private static Publisher<Void> refuse(HttpServerResponse response, Refusal refusal) {
        if (refusal.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"gradstream\"");
        }
        return Answers.fault(response, refusal.status(), refusal.reason());
    }

    private static Publisher<Void> notAllowed(HttpServerResponse response, String allowed) {
        response.header(HttpHeaderNames.ALLOW, allowed);
        return Answers.fault(response, HttpResponseStatus.METHOD_NOT_ALLOWED, "this takes other methods: " + allowed);
    }

    private static boolean reads(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
