package io.gradstream.pipeline.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * The connections of a server: only so many at a time, each with the {@link ResponseHeaders}, and none that takes for ever to say
 * what it wants.
 */
final class Connections {
    private static final int MOST = 256;

    private final AtomicInteger open = new AtomicInteger();
    private final Duration wholeRequest;

    /**
     * @param wholeRequest how long the head of a request may take from its first byte to its last
     */
    Connections(Duration wholeRequest) {
        this.wholeRequest = wholeRequest;
    }

    void accept(Channel channel) {
        boolean room = open.incrementAndGet() <= MOST;
        ChannelFuture _ = channel.closeFuture().addListener(_ -> open.decrementAndGet());
        if (!room) {
            ChannelFuture _ = channel.close();
            return;
        }
        Patience patience = new Patience(wholeRequest);
        channel.pipeline()
                .addBefore(NettyPipeline.HttpCodec, "gradstream.first-byte", patience.atFirstByte())
                .addAfter(NettyPipeline.HttpCodec, "gradstream.whole-head", patience.atWholeHead())
                .addAfter(NettyPipeline.HttpCodec, "gradstream.headers", new ResponseHeaders());
    }

    /** Closes a connection whose request has begun and does not come to its point. */
    private static final class Patience {
        private final Duration limit;
        private @Nullable Future<?> end;

        Patience(Duration limit) {
            this.limit = limit;
        }

        ChannelInboundHandlerAdapter atFirstByte() {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object bytes) {
                    if (end == null) {
                        end = context.executor()
                                .schedule(() -> hangUp(context), limit.toMillis(), TimeUnit.MILLISECONDS);
                    }
                    context.fireChannelRead(bytes);
                }

                @Override
                public void channelInactive(ChannelHandlerContext context) {
                    lift();
                    context.fireChannelInactive();
                }
            };
        }

        ChannelInboundHandlerAdapter atWholeHead() {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    if (message instanceof HttpRequest || message instanceof LastHttpContent) {
                        lift();
                    }
                    context.fireChannelRead(message);
                }
            };
        }

        private static void hangUp(ChannelHandlerContext context) {
            ChannelFuture _ = context.close();
        }

        private void lift() {
            if (end != null) {
                end.cancel(false);
                end = null;
            }
        }
    }
}
