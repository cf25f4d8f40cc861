package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.nn.Network;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Models from jars of users. A jar has a class loader of its own, which stays open as long as the program runs, sees Gradstream's classes
 * and is asked for nothing but the configured class and what that one uses.
 */
final class CustomModels {
    private static final String CLASS = ".class";

    private CustomModels() {}

    static Network load(Path jar, String name, Map<String, String> options) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("model.jar must be a file; build your model first: jar="
                    + jar.toAbsolutePath().normalize());
        }
        Class<?> type = find(jar, name);
        if (!Network.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException("model.class must implement " + Network.class.getName() + ": class="
                    + name + " implements=" + List.of(type.getInterfaces()));
        }
        return Network.class.cast(construct(type, options));
    }

    private static Class<?> find(Path jar, String name) {
        URLClassLoader loader = new URLClassLoader(new URL[] {url(jar)}, Network.class.getClassLoader());
        try {
            Class<?> type = Class.forName(name, true, loader);
            if (!loader.equals(type.getClassLoader())) {
                throw new IllegalArgumentException(
                        "model.class must be in the jar itself: class=" + name + " jar=" + jar);
            }
            return type;
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "model.class must be in the jar: class=" + name + " jar=" + jar + " classes=" + classes(jar), e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "model.class must load; build it for this Java and this Gradstream, with what it needs in the jar: class="
                            + name + " jar=" + jar + " cause=" + e,
                    e);
        }
    }

    private static Object construct(Class<?> type, Map<String, String> options) {
        try {
            for (Constructor<?> constructor : type.getConstructors()) {
                if (List.of(constructor.getParameterTypes()).equals(List.of(Map.class))) {
                    return constructor.newInstance(options);
                }
            }
            if (options.isEmpty()) {
                return type.getConstructor().newInstance();
            }
        } catch (NoSuchMethodException e) {
            throw withoutConstructor(type, e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "model.class must accept its options: class=" + type.getName() + " options=" + options.keySet()
                            + " cause=" + e.getCause(),
                    e);
        } catch (ReflectiveOperationException e) {
            throw withoutConstructor(type, e);
        }
        throw new IllegalArgumentException("model.class must have a public constructor with a Map<String, String> to be"
                + " given options: class=" + type.getName() + " options=" + options.keySet());
    }

    private static IllegalArgumentException withoutConstructor(Class<?> type, ReflectiveOperationException cause) {
        return new IllegalArgumentException(
                "model.class must be public, not abstract, with a public constructor that takes a Map<String, String> or"
                        + " nothing: class=" + type.getName(),
                cause);
    }

    private static List<String> classes(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(JarEntry::getName)
                    .filter(entry -> entry.endsWith(CLASS) && !entry.contains("$"))
                    .map(entry ->
                            entry.substring(0, entry.length() - CLASS.length()).replace('/', '.'))
                    .limit(20)
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("model.jar must be a jar: jar=" + jar, e);
        }
    }

    private static URL url(Path jar) {
        URI uri = jar.toAbsolutePath().normalize().toUri();
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("model.jar must have a path that a URL can say: jar=" + uri, e);
        }
    }
}
