package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The source of a pod's networks: an annotation, or the default networks.
 *
 * @param where what problems call it
 */
record Declaration(Source source, String where, Parsed<List<Entry>> entries) {
    /** Reads the first annotation that is not blank; empty if all are. */
    static Optional<Declaration> find(
            Keys keys, String namespace, Map<String, String> ofPod, Map<String, String> ofNamespace) {
        String suffix = " of namespace " + namespace;
        return Stream.of(
                        read(Source.POD_NETWORKS, ofPod, keys.networks(), "", OverlayParser::networks),
                        read(Source.POD_NAMES, ofPod, keys.names(), "", OverlayParser::names),
                        read(Source.NAMESPACE_NETWORKS, ofNamespace, keys.networks(), suffix, OverlayParser::networks),
                        read(Source.NAMESPACE_NAMES, ofNamespace, keys.names(), suffix, OverlayParser::names))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Declaration> read(
            Source source,
            Map<String, String> annotations,
            String key,
            String suffix,
            BiFunction<String, String, Parsed<List<Entry>>> parse) {
        String where = "annotation " + key + suffix;
        return Optional.ofNullable(annotations.get(key))
                .filter(text -> !text.isBlank())
                .map(text -> new Declaration(source, where, parse.apply(where, text)));
    }
}
