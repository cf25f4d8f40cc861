package io.gradstream.pipeline.http;

import io.gradstream.config.HttpSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. A server on a loopback address answers only to names of this machine, so that no page of the web reaches it through a
 * name that it makes point here (DNS rebinding). Control needs the token, and comes from no other site.
 */
final class RequestRules {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";
    private static final int LARGEST_BODY = 4 << 10;

    private final Set<String> names;
    private final byte[] token;

    /** Why a request is not answered, and under which status. */
    record Refusal(HttpResponseStatus status, String reason) {}

    RequestRules(HttpSettings settings) {
        String host = settings.host().toLowerCase(Locale.ROOT);
        String bound = host.contains(":") ? "[" + host + "]" : host;
        boolean loopback = LOOPBACK.contains(bound) || bound.startsWith("127.");
        this.names = loopback
                ? Stream.concat(LOOPBACK.stream(), Stream.of(bound)).collect(Collectors.toUnmodifiableSet())
                : Set.of();
        this.token = settings.token().value().getBytes(StandardCharsets.UTF_8);
    }

    /** What holds for every request. */
    Optional<Refusal> refuse(HttpHeaders headers) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "a request must name one host");
        }
        if (!names.isEmpty() && !names.contains(withoutPort(hosts.getFirst()))) {
            return refusal(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this server answers to names of its own machine only; http.host makes it listen elsewhere");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return refusal(HttpResponseStatus.LENGTH_REQUIRED, "nothing here takes a body of unknown length");
        }
        if (bodyLength(headers.get(HttpHeaderNames.CONTENT_LENGTH)) > LARGEST_BODY) {
            return refusal(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "nothing here takes a body");
        }
        return Optional.empty();
    }

    /** What holds for control besides. */
    Optional<Refusal> refuseControl(HttpHeaders headers) {
        if (fromAnotherSite(headers)) {
            return refusal(HttpResponseStatus.FORBIDDEN, "control must not be asked for by pages of other sites");
        }
        if (token.length == 0) {
            return refusal(
                    HttpResponseStatus.FORBIDDEN, "control is off because no token is configured: key=http.token");
        }
        if (!bearsToken(headers.getAll(HttpHeaderNames.AUTHORIZATION))) {
            return refusal(
                    HttpResponseStatus.UNAUTHORIZED, "control needs the header authorization: Bearer, with the token");
        }
        return Optional.empty();
    }

    private boolean bearsToken(List<String> authorizations) {
        if (authorizations.size() != 1) {
            return false;
        }
        String given = authorizations.getFirst();
        if (!given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return false;
        }
        byte[] bytes = given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(bytes, token);
    }

    private static boolean fromAnotherSite(HttpHeaders headers) {
        String site = headers.get("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin != null && !authority(origin).equals(headers.get(HttpHeaderNames.HOST));
    }

    private static String authority(String origin) {
        try {
            String authority = new URI(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static String withoutPort(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf(']') ? name.substring(0, colon) : name;
    }

    /** The decoder has seen to it that this is a number. */
    private static long bodyLength(@Nullable String contentLength) {
        return contentLength == null ? 0 : Long.parseLong(contentLength);
    }

    private static Optional<Refusal> refusal(HttpResponseStatus status, String reason) {
        return Optional.of(new Refusal(status, reason));
    }
}
