package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The paths of all keys. */
record Directory(List<String> paths) {
    static Directory of(Form root) {
        List<String> paths = new ArrayList<>();
        gather(root, "", paths);
        return new Directory(paths.stream().distinct().toList());
    }

    private static void gather(Form form, String path, List<String> paths) {
        if (form instanceof ListForm list) {
            gather(list.element(), path + "[]", paths);
        }
        for (Key key : form.keys()) {
            String below = path.isEmpty() ? key.name() : path + "." + key.name();
            paths.add(below);
            gather(key.form(), below, paths);
        }
    }

    /** The path that ends with a key, if there is only one. */
    Optional<String> find(String key) {
        List<String> found = paths.stream()
                .filter(path -> Spelling.plain(path.substring(path.lastIndexOf('.') + 1))
                        .equals(Spelling.plain(key)))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
