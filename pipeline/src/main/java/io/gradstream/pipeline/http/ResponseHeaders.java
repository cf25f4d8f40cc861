package io.gradstream.pipeline.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * What every response says to browsers, also those that the decoder gives to requests it cannot read: run and show nothing but what
 * comes from here, in nobody else's frame.
 */
final class ResponseHeaders extends ChannelOutboundHandlerAdapter {
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            HttpHeaders headers = response.headers();
            headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
            headers.set("x-content-type-options", "nosniff");
            headers.set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY");
            headers.set("referrer-policy", "no-referrer");
            headers.set("cross-origin-opener-policy", "same-origin");
            headers.set("cross-origin-resource-policy", "same-origin");
            if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
                headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
            }
        }
        ChannelFuture _ = context.write(message, promise);
    }
}
