package io.gradstream.autodiff.device;

/**
 * How many bytes of its own memory a device has taken, and how many nobody has.
 *
 * @param used what was allocated through this device and is not closed
 * @param free what is left, whoever has the rest
 */
public record MemoryUse(long used, long free) {}
