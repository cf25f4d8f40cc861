package io.gradstream.pipeline.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Sends answers of known length. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Answers() {}

    static Publisher<Void> json(HttpServerResponse response, HttpResponseStatus status, Object value) {
        try {
            return bytes(response, status, "application/json", JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            return Mono.error(e);
        }
    }

    static Publisher<Void> text(HttpServerResponse response, HttpResponseStatus status, String type, String text) {
        return bytes(response, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static Publisher<Void> fault(HttpServerResponse response, HttpResponseStatus status, String reason) {
        return json(response, status, Map.of("error", reason));
    }

    static Publisher<Void> bytes(HttpServerResponse response, HttpResponseStatus status, String type, byte[] bytes) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length))
                .sendObject(Unpooled.wrappedBuffer(bytes));
    }
}
