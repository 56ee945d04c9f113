package io.github.kubevxlan.controller;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.agent.Limits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The controller's settings.
 *
 * @param common what webhook and controller share
 * @param initialNetworks definitions by name, for when there is no ConfigMap
 * @param limits of work on agents
 * @param resync after how long at most a pod is compared in full
 * @param neighbours of how many members of a segment at most the others get neighbour entries
 * @param peerFilter whether members drop packets of others than peers
 * @param pagePort of the live page on the loopback address, 0 for any free one; empty for none
 * @param names whether it publishes overlay addresses for Services
 * @param tls the certificates that it keeps; empty where others do
 */
public record ControllerConfig(
        CommonConfig common,
        Map<String, String> initialNetworks,
        Limits limits,
        Duration resync,
        int neighbours,
        boolean peerFilter,
        OptionalInt pagePort,
        boolean names,
        Optional<TlsConfig> tls) {
    public ControllerConfig {
        initialNetworks = Map.copyOf(initialNetworks);
    }

    /** Reads the settings; throws {@link ConfigException} with every mistake. */
    public static ControllerConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        int execs = env.integer("EXECS", 64, 2, 1000);
        ControllerConfig config = new ControllerConfig(
                CommonConfig.read(env),
                networks(env),
                new Limits(
                        execs,
                        env.integer("EXECS_PER_NODE", 16, 2, 1000),
                        env.integer("SESSIONS", 256, execs, 10_000),
                        env.duration(
                                "SESSION_IDLE", Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofHours(1)),
                        env.duration(
                                "EXEC_DEADLINE", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5))),
                env.duration("RESYNC", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofHours(24)),
                env.integer("NEIGHBOURS", 256, 0, 10_000),
                env.choice("PEER_FILTER", "true", "true", "false").equals("true"),
                pagePort(env),
                env.choice("NAMES", "false", "true", "false").equals("true"),
                TlsConfig.read(env));
        env.check();
        return config;
    }

    private static OptionalInt pagePort(EnvConfig env) {
        int port = env.integer("PAGE_PORT", 8090, 0, 65535);
        return env.choice("PAGE", "true", "true", "false").equals("true") ? OptionalInt.of(port) : OptionalInt.empty();
    }

    private static Map<String, String> networks(EnvConfig env) {
        Map<String, String> networks = new LinkedHashMap<>();
        env.value("INITIAL_NETWORKS", "", text -> {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
                int equals = line.indexOf('=');
                if (equals < 1) {
                    throw new InvalidValueException(line, "lines of NAME=DEFINITION");
                }
                networks.put(line.substring(0, equals), line.substring(equals + 1));
            });
            return text;
        });
        return networks;
    }
}
