package io.gradstream.pipeline.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerResponse;

/** The dashboard's files, all of them in memory: a path that is not in the table leads nowhere. */
final class Pages {
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Page(String type, byte[] bytes) {}

    private static final Map<String, Page> PAGES = Map.of(
            "/", page("index.html", "text/html; charset=utf-8"),
            "/dashboard.css", page("dashboard.css", "text/css; charset=utf-8"),
            "/dashboard.js", page("dashboard.js", "text/javascript; charset=utf-8"),
            "/chart.js", page("chart.js", "text/javascript; charset=utf-8"),
            "/favicon.svg", page("favicon.svg", "image/svg+xml"));

    private Pages() {}

    static boolean has(String path) {
        return PAGES.containsKey(path);
    }

    static Publisher<Void> answer(String path, HttpServerResponse response) {
        Page page = PAGES.get(path);
        if (page == null) {
            throw new IllegalArgumentException("a page must be in the table: path=" + path);
        }
        response.header(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        return Answers.bytes(response, HttpResponseStatus.OK, page.type(), page.bytes());
    }

    private static Page page(String name, String type) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the dashboard is part of the program: resource=" + name);
            }
            return new Page(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
