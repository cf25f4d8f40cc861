package io.gradstream.config.yaml;

import java.util.List;

/**
 * The names among which a value must choose.
 *
 * @param names those that this version implements
 * @param later those that the documentation knows and this version does not implement
 */
record Choice(List<String> names, List<String> later) {
    Unfit unfit(String text) {
        String supported = String.join(", ", names);
        return later.contains(text)
                ? new Unfit("is not implemented in this version, which supports " + supported)
                : new Unfit("must be one of " + supported, Spelling.nearest(text, names));
    }
}
