package io.gradstream.connectors.kafka;

/** Why a publication did not become visible, as far as is known. */
public abstract sealed class PublishException extends RuntimeException
        permits AbortedException, FencedException, UndecidedException, UnknownMemberException {
    private static final long serialVersionUID = 1;

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
