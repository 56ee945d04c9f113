package io.github.kubevxlan.common.util;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings that webhook and controller share.
 *
 * @param keys label and annotations
 * @param namespace where the program runs and has its objects
 * @param networks where definitions of networks come from
 * @param watchNamespaces the names of those whose pods are served, sorted; empty for all
 * @param adminPort plain HTTP for probes and metrics; 0 for any free port
 */
public record CommonConfig(
        Keys keys, String namespace, NetworkSource networks, List<String> watchNamespaces, int adminPort) {
    private static final String NAME_ALLOWED = "lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)";
    private static final String OLDER_PREFIX = "vxlan.openvnf.org";
    private static final Port KERNELS_PORT = new Port(8472);
    private static final Port DEFAULT_PORT = new Port(14789);
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

    /**
     * Where definitions of networks come from.
     *
     * @param configMap the ConfigMap, by name
     * @param defaults what networks have that set nothing else
     */
    public record NetworkSource(String configMap, Defaults defaults) {}

    /** The ConfigMap with the network definitions, by name. */
    public String configMap() {
        return networks.configMap();
    }

    /** What networks have that set nothing else. */
    public Defaults defaults() {
        return networks.defaults();
    }

    /** Reads them; mistakes stay with {@code env} until {@link EnvConfig#check()}. */
    public static CommonConfig read(EnvConfig env) {
        // These two belong to the logging configuration, which reads the environment itself.
        env.choice("LOG_FORMAT", "text", "text", "json");
        env.choice("LOG_LEVEL", "info", "error", "warn", "info", "debug", "trace");
        Keys keys = new Keys(name(env, "KEY_PREFIX", "vxlan.travelping.com"));
        return new CommonConfig(
                keys,
                name(env, "NAMESPACE", "kube-system"),
                new NetworkSource(
                        name(env, "CONFIGMAP", "kube-vxlan-controller"),
                        new Defaults(
                                env.value("DEFAULT_DEV", new IfName("eth0"), IfName::new),
                                env.value("DEFAULT_DSTPORT", defaultPort(keys), Port::parse),
                                reserved(env),
                                flag(env, "ALLOW_POD_NETWORK_ID"),
                                flag(env, "ALLOW_ANY_MAC"))),
                namespaces(env),
                env.integer("ADMIN_PORT", 8080, 0, 65535));
    }

    /** Whether something is allowed that is not by default. */
    private static boolean flag(EnvConfig env, String setting) {
        return env.choice(setting, "false", "true", "false").equals("true");
    }

    /** The older controller used the kernel's port; VTEPs outside the cluster that its users set up expect that one. */
    private static Port defaultPort(Keys keys) {
        return keys.prefix().equals(OLDER_PREFIX) ? KERNELS_PORT : DEFAULT_PORT;
    }

    private static List<Cidr> reserved(EnvConfig env) {
        return list(env, "RESERVED_RANGES", Cidr::parse);
    }

    private static List<String> namespaces(EnvConfig env) {
        return list(env, "WATCH_NAMESPACES", text -> {
                    if (!NAMESPACE.matcher(text).matches()) {
                        throw new InvalidValueException(text, "names of namespaces, with commas between them");
                    }
                    return text;
                })
                .stream()
                .distinct()
                .sorted()
                .toList();
    }

    private static <T> List<T> list(EnvConfig env, String setting, Function<String, T> parse) {
        List<T> values = new ArrayList<>();
        env.value(setting, "", text -> {
            Stream.of(text.split(",", -1))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .forEach(value -> values.add(parse.apply(value)));
            return text;
        });
        return values;
    }

    /** Reads the name of an object or of a key. */
    public static String name(EnvConfig env, String setting, String byDefault) {
        return env.value(setting, byDefault, text -> {
            if (!NAME.matcher(text).matches()) {
                throw new InvalidValueException(text, NAME_ALLOWED);
            }
            return text;
        });
    }
}
