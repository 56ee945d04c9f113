package io.github.kubevxlan.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.manifest.ManifestReader;
import io.github.kubevxlan.common.util.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads manifests from files, or from standard input where one is called {@value #STDIN}.
 *
 * @param stdin standard input, which is left open
 */
record ManifestFiles(InputStream stdin) {
    static final String STDIN = "-";

    /**
     * Reads files in their order; objects that name no namespace are in the given one.
     *
     * @param others which documents that are no Kubernetes objects are allowed
     */
    List<Manifest> read(List<String> files, String namespace, Predicate<ObjectNode> others)
            throws MalformedManifestException {
        List<Manifest> manifests = new ArrayList<>();
        for (String file : files) {
            manifests.addAll(
                    ManifestReader.read(file.equals(STDIN) ? "standard input" : file, text(file), namespace, others));
        }
        return manifests;
    }

    private String text(String file) throws MalformedManifestException {
        byte[] bytes = bytes(file);
        if (bytes.length > ManifestReader.MOST_BYTES) {
            throw new MalformedManifestException(file, "more", ManifestReader.MOST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedManifestException(file, "no UTF-8", "YAML or JSON in UTF-8");
        }
    }

    private byte[] bytes(String file) {
        try (InputStream input = open(file)) {
            return input.readNBytes(ManifestReader.MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("cannot read " + file + ": there is no such file", e);
        } catch (IOException | InvalidPathException e) {
            throw new CommandFailure("cannot read " + file + ": " + Reason.line(e), e);
        }
    }

    private InputStream open(String file) throws IOException {
        return file.equals(STDIN)
                ? new FilterInputStream(stdin) {
                    @Override
                    public void close() {}
                }
                : Files.newInputStream(Path.of(file));
    }
}
