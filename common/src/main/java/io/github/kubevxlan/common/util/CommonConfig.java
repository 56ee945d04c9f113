package io.github.kubevxlan.common.util;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings that webhook and controller share.
 *
 * @param keys label and annotations
 * @param namespace where the program runs and has its objects
 * @param configMap the network definitions, by name
 * @param defaults what networks have that set nothing else
 * @param adminPort plain HTTP for probes and metrics; 0 for any free port
 */
public record CommonConfig(Keys keys, String namespace, String configMap, Defaults defaults, int adminPort) {
    private static final String NAME_ALLOWED = "lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

    /** Reads them; mistakes stay with {@code env} until {@link EnvConfig#check()}. */
    public static CommonConfig read(EnvConfig env) {
        // These two belong to the logging configuration, which reads the environment itself.
        env.choice("LOG_FORMAT", "text", "text", "json");
        env.choice("LOG_LEVEL", "info", "error", "warn", "info", "debug", "trace");
        return new CommonConfig(
                new Keys(name(env, "KEY_PREFIX", "vxlan.travelping.com")),
                name(env, "NAMESPACE", "kube-system"),
                name(env, "CONFIGMAP", "kube-vxlan-controller"),
                new Defaults(
                        env.value("DEFAULT_DEV", new IfName("eth0"), IfName::new),
                        env.value("DEFAULT_DSTPORT", new Port(8472), Port::parse),
                        reserved(env),
                        env.choice("ALLOW_POD_NETWORK_ID", "false", "true", "false")
                                .equals("true")),
                env.integer("ADMIN_PORT", 8080, 0, 65535));
    }

    private static List<Cidr> reserved(EnvConfig env) {
        List<Cidr> ranges = new ArrayList<>();
        env.value("RESERVED_RANGES", "", text -> {
            Stream.of(text.split(",", -1))
                    .map(String::strip)
                    .filter(range -> !range.isEmpty())
                    .forEach(range -> ranges.add(Cidr.parse(range)));
            return text;
        });
        return ranges;
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
