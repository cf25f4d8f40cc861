package io.gradstream.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Key and trust stores, made by the keytool of the JDK that runs. */
public final class Certificates {
    public static final String PASSWORD = "store-secret-4711";

    private Certificates() {}

    /** A new key with a certificate that it signed itself, good for this machine. */
    public static Path keystore(Path directory, String owner) throws IOException, InterruptedException {
        Path store = directory.resolve(owner + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                owner,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + owner,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                store.toString());
        return store;
    }

    /** Whoever has this trusts the owner of that keystore, and nobody else. */
    public static Path trusting(Path directory, String owner) throws IOException, InterruptedException {
        Path certificate = directory.resolve(owner + ".cer");
        Path store = directory.resolve("trusts-" + owner + ".p12");
        keytool(
                "-exportcert",
                "-alias",
                owner,
                "-file",
                certificate.toString(),
                "-keystore",
                directory.resolve(owner + ".p12").toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                owner,
                "-file",
                certificate.toString(),
                "-keystore",
                store.toString());
        return store;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool must make a store: command=" + command + " said=" + said);
        }
    }
}
