package io.gradstream.pipeline.operation;

import java.time.Instant;

/** A moment of a trainer that others can rely on: a version on the topic, a checkpoint on disk. */
public record Landmark(long version, long step, long rows, Instant time) {}
