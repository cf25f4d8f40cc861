package io.gradstream.pipeline.operation;

/** Whether rows that come are learned from, and why or why not. */
public record Readiness(boolean ready, String reason) {}
