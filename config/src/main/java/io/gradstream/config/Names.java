package io.gradstream.config;

/** The texts that Kafka accepts as names. */
final class Names {
    /** Names from which topic names are derived leave room for a suffix. */
    static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}";

    static final String NAME_WORDS = "up to 200 letters, digits, dots, dashes and underscores";

    static final String TOPIC = "[A-Za-z0-9._-]{1,249}";

    static final String TOPIC_WORDS = "a topic name: up to 249 letters, digits, dots, dashes and underscores";

    private static final String BROKER = "([A-Z_]+://)?([^\\s,:\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}";

    static final String BOOTSTRAP = "embedded|" + BROKER + "(,\\s*" + BROKER + ")*";

    static final String BOOTSTRAP_WORDS = "host:port, several of them with commas between, or the word embedded";

    static final String TEXT = "[\\s\\S]+";

    static final String TEXT_WORDS = "a text that is not empty";

    private Names() {}
}
