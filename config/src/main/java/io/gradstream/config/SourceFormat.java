package io.gradstream.config;

/** How the rows of a record are encoded. */
public enum SourceFormat {
    ARROW,
    JSON
}
