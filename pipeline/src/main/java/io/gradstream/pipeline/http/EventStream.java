package io.gradstream.pipeline.http;

import io.gradstream.pipeline.operation.Heard;
import io.gradstream.pipeline.operation.Mailbox;
import io.gradstream.pipeline.operation.Records;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The records as server-sent events, for one client.
 *
 * <p>Several times a second everything new goes out in one piece, unless the client has not yet taken what it was sent: then it waits
 * in the client's mailbox, where the oldest makes room. Nothing here is ever larger than the mailbox and what the connection holds.
 */
final class EventStream {
    static final String TYPE = "text/event-stream";

    private static final byte[] DATA = utf8("data: ");
    private static final byte[] END = utf8("\n\n");
    private static final int ROOM = 256;
    private static final Duration EVERY = Duration.ofMillis(100);
    /** So often a silent stream says that it lives, so that nobody between closes it and a client that is gone is noticed. */
    private static final int SILENT_TICKS = 100;

    private final Mailbox mailbox;
    private final Channel channel;
    private int silent;

    private EventStream(Mailbox mailbox, Channel channel) {
        this.mailbox = mailbox;
        this.channel = channel;
    }

    static Flux<ByteBuf> of(Records records, Channel channel, Scheduler clock) {
        return Flux.using(
                () -> records.listen(ROOM), mailbox -> new EventStream(mailbox, channel).flow(clock), records::leave);
    }

    private Flux<ByteBuf> flow(Scheduler clock) {
        Flux<ByteBuf> news = Flux.interval(EVERY, clock).onBackpressureDrop().handle((_, sink) -> {
            if (channel.isWritable()) {
                news().ifPresent(sink::next);
            }
        });
        return news.startWith(text(": records follow\n\n"));
    }

    private Optional<ByteBuf> news() {
        List<Heard> heard = mailbox.take();
        silent = heard.isEmpty() ? silent + 1 : 0;
        if (!heard.isEmpty()) {
            ByteBuf events = Unpooled.buffer(heard.size() * 1024);
            heard.forEach(each -> write(each, events));
            return Optional.of(events);
        }
        return silent % SILENT_TICKS == 0 ? Optional.of(text(": still here\n\n")) : Optional.empty();
    }

    private static void write(Heard heard, ByteBuf events) {
        switch (heard) {
            case Heard.Told told -> {
                events.writeBytes(DATA);
                events.writeBytes(told.value().toJson());
                events.writeBytes(END);
            }
            case Heard.Missed missed ->
                events.writeBytes(utf8("event: missed\ndata: {\"records\":" + missed.records() + "}\n\n"));
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
