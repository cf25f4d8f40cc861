package io.gradstream.config.yaml;

/** A section with rules between its keys. */
public interface Checked {
    /** Reports what does not fit; paths are those below this section. */
    void check(Findings findings);
}
