package io.gradstream.pipeline.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version this program was built as. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"gradstream " + Objects.requireNonNullElse(version, "from source")};
    }
}
