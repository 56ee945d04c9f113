package io.github.kubevxlan.controller;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.path.PathSettings;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The controller's settings.
 *
 * @param common what webhook and controller share
 * @param networks what members have
 * @param work how much and how often the controller works on agents
 * @param publication what it publishes
 * @param tls the certificates that it keeps; empty where others do
 */
public record ControllerConfig(
        CommonConfig common,
        NetworkSettings networks,
        WorkSettings work,
        PublicationSettings publication,
        Optional<TlsConfig> tls) {
    /**
     * What members have.
     *
     * @param initial definitions by name, for when there is no ConfigMap
     * @param neighbours of how many members of a segment at most the others get neighbour entries
     * @param peerFilter whether members drop packets of others than peers
     * @param paths how many peers members measure their paths to
     */
    public record NetworkSettings(Map<String, String> initial, int neighbours, boolean peerFilter, PathSettings paths) {
        public NetworkSettings {
            initial = Map.copyOf(initial);
        }
    }

    /**
     * What the controller publishes.
     *
     * @param pagePort of the live page on the loopback address, 0 for any free one; empty for none
     * @param names whether it publishes overlay addresses for Services
     */
    public record PublicationSettings(OptionalInt pagePort, boolean names) {}

    /** Reads the settings; throws {@link ConfigException} with every mistake. */
    public static ControllerConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        int execs = env.integer("EXECS", 64, 2, 1000);
        CommonConfig common = CommonConfig.read(env);
        Map<String, String> initial = definitions(env);
        WorkSettings work = work(env, execs);
        ControllerConfig config =
                new ControllerConfig(common, networks(env, initial), work, publication(env), TlsConfig.read(env));
        env.check();
        return config;
    }

    private static NetworkSettings networks(EnvConfig env, Map<String, String> initial) {
        return new NetworkSettings(
                initial,
                env.integer("NEIGHBOURS", 256, 0, 10_000),
                env.choice("PEER_FILTER", "true", "true", "false").equals("true"),
                new PathSettings(env.integer("PROBE_PEERS", 0, 0, PathSettings.MOST)));
    }

    private static WorkSettings work(EnvConfig env, int execs) {
        return new WorkSettings(
                new Limits(
                        execs,
                        env.integer("EXECS_PER_NODE", 16, 2, 1000),
                        env.integer("SESSIONS", 256, execs, 10_000),
                        env.duration("SESSION_IDLE", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofHours(24)),
                        env.duration(
                                "EXEC_DEADLINE", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5))),
                env.duration("RESYNC", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofHours(24)));
    }

    private static PublicationSettings publication(EnvConfig env) {
        return new PublicationSettings(
                pagePort(env), env.choice("NAMES", "false", "true", "false").equals("true"));
    }

    private static OptionalInt pagePort(EnvConfig env) {
        int port = env.integer("PAGE_PORT", 8090, 0, 65535);
        return env.choice("PAGE", "true", "true", "false").equals("true") ? OptionalInt.of(port) : OptionalInt.empty();
    }

    private static Map<String, String> definitions(EnvConfig env) {
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
