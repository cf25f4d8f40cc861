package io.gradstream.connectors.kafka;

/** Says that the words with which to log in at a broker make no sense, and does not repeat them. */
public final class LoginException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LoginException(String message) {
        super(message);
    }
}
