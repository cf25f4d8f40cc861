package io.gradstream.gpu.device;

import io.gradstream.gpu.driver.Stream;

/** Something that a card does, prepared once and asked for as often as wanted. */
interface Work {

    void enqueue(Stream on);
}
