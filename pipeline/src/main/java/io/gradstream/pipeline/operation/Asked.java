package io.gradstream.pipeline.operation;

import java.util.concurrent.CompletableFuture;

/** A {@link Request} and whoever waits for its {@link Answer}. */
public record Asked(Request request, CompletableFuture<Answer> answer) {

    public void done(long step, long version) {
        answer.complete(new Answer.Done(step, version));
    }

    public void refuse(String reason) {
        answer.complete(new Answer.Refused(reason));
    }
}
