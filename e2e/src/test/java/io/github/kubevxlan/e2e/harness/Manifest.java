package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Objects as a file of YAML says them. */
public final class Manifest {
    private final List<HasMetadata> objects = new ArrayList<>();

    private Manifest() {}

    /** Reads files of the tests' resources. */
    public static Manifest resources(String... names) {
        Manifest manifest = new Manifest();
        for (String name : names) {
            manifest.read(name, () -> {
                InputStream stream = Manifest.class.getResourceAsStream("/" + name);
                if (stream == null) {
                    throw new IOException("there is no such resource");
                }
                return stream;
            });
        }
        return manifest;
    }

    /** Reads a file. */
    public static Manifest file(Path path) {
        Manifest manifest = new Manifest();
        manifest.read(path.toString(), () -> Files.newInputStream(path));
        return manifest;
    }

    /** The objects, in the files' order. */
    public HasMetadata[] objects() {
        return objects.toArray(HasMetadata[]::new);
    }

    @FunctionalInterface
    private interface Opener {
        InputStream open() throws IOException;
    }

    private void read(String name, Opener opener) {
        try (InputStream stream = opener.open()) {
            objects.addAll(Cluster.client().load(stream).items());
        } catch (IOException e) {
            throw new AssertionError("can't read " + name + ": " + e.getMessage(), e);
        }
    }
}
