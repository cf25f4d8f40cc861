package io.gradstream.gpu.emulator;

import java.util.Locale;

/** Something that a test may change about the emulator. */
public enum Setting {
    /** How many cards there are, 2 unless it is set before the first call of the driver. */
    CARDS,
    /** The memory of a card in bytes. */
    MEMORY,
    /** The driver's version as it counts them: 12000 for 12.0. */
    VERSION,
    /** What random orders follow from: of the nodes of graphs always, of blocks and threads where it is not 0. */
    SEED,
    /** 1: work on a stream runs at once, not when somebody waits for it. */
    EAGER;

    /** Its name in the variable {@code GRADSTREAM_EMULATOR} of a process. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
