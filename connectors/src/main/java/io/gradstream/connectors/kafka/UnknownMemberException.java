package io.gradstream.connectors.kafka;

/**
 * The group does not know the member whose offsets were to be committed: it was thought dead, or a rebalance is under way. Nothing of the
 * publication is visible, and it may be published again without offsets.
 */
public final class UnknownMemberException extends PublishException {
    private static final long serialVersionUID = 1;

    UnknownMemberException(String message, Throwable cause) {
        super(message, cause);
    }
}
