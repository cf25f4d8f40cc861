package io.gradstream.config;

/** What a second instance of the same name does while another one trains. */
public enum Standby {
    WAIT,
    EXIT
}
