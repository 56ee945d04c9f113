package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.nio.file.Path;

/** Where the serving certificate comes from. */
public sealed interface TlsSource {
    /** A Secret of type {@code kubernetes.io/tls} in the program's namespace, by name: TLS modes self, cert-manager. */
    record InSecret(String name) implements TlsSource {}

    /** The files {@code tls.crt} and {@code tls.key} in an absolute directory: TLS mode files. */
    record InFiles(Path directory) implements TlsSource {}

    /** Reads it; where a directory is set, the Secret is no setting. */
    static TlsSource read(EnvConfig env) {
        Path directory = env.value("TLS_DIR", Path.of(""), TlsSource::absolute);
        return directory.isAbsolute()
                ? new InFiles(directory)
                : new InSecret(CommonConfig.name(env, "TLS_SECRET", "kube-vxlan-controller-webhook-tls"));
    }

    private static Path absolute(String text) {
        if (!text.isEmpty() && !text.startsWith("/")) {
            throw new InvalidValueException(text, "the absolute path of a directory");
        }
        return Path.of(text);
    }
}
