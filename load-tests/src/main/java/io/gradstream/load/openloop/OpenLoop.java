package io.gradstream.load.openloop;

/** A sender that follows a schedule and never skips: what is late is sent at once, with the time it was due. */
final class OpenLoop {

    /** Time, for the loop and for its tests. */
    interface Ticker {
        long nanoTime();

        void sleepUntil(long nanoTime) throws InterruptedException;
    }

    /** Takes a message with the nano time it was due. */
    interface Sender {
        void send(long message, long due) throws InterruptedException;
    }

    private final Schedule schedule;
    private final Ticker ticker;

    OpenLoop(Schedule schedule, Ticker ticker) {
        this.schedule = schedule;
        this.ticker = ticker;
    }

    /** Sends all messages and returns the nanoseconds this took. */
    long run(Sender sender) throws InterruptedException {
        long start = ticker.nanoTime();
        long messages = schedule.messages();
        for (long message = 0; message < messages; message++) {
            long due = start + schedule.due(message);
            ticker.sleepUntil(due);
            sender.send(message, due);
        }
        return ticker.nanoTime() - start;
    }
}
