package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.PodView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The facts about an installation at one moment. A fact that the caller may not read is empty, and a note says so.
 *
 * @param now when that was
 * @param programs controller and webhook
 * @param apiServer the API server, and what it does with pods
 * @param members networks and pods
 * @param notes what could not be looked at, a sentence each
 */
public record Facts(Instant now, Programs programs, ApiServer apiServer, Members members, List<String> notes) {
    /** How long the filters' counters are watched: they count since the interfaces were made, and never go back. */
    public static final Duration STRANGERS_WITHIN = Duration.ofSeconds(5);

    /**
     * The programs of the release.
     *
     * @param release where they are
     * @param deployments those of the release
     * @param lease who leads
     * @param rights what their service accounts may do
     * @param command the version of this program; empty where it is not known
     */
    public record Programs(
            Release release, Deployments deployments, Seen<Leader> lease, List<AccountRight> rights, String command) {}

    /** The controller's Deployment, and the webhook's. */
    public record Deployments(Seen<Workload> controller, Seen<Workload> webhook) {}

    /**
     * The API server.
     *
     * @param version its version
     * @param admission how it asks the webhook
     * @param policies names of the ValidatingAdmissionPolicies that are bound; empty where they could not be read
     * @param trials what it says to a new pod, by namespace
     */
    public record ApiServer(Version version, Admission admission, Optional<Set<String>> policies, List<Trial> trials) {}

    /**
     * How the API server asks the webhook.
     *
     * @param injector the MutatingWebhookConfiguration
     * @param judge the ValidatingWebhookConfiguration
     * @param keeper who keeps the webhook's certificate
     * @param certificate the webhook's serving certificate
     */
    public record Admission(Seen<Hook> injector, Seen<Hook> judge, Keeper keeper, Seen<Validity> certificate) {}

    /**
     * Networks and pods.
     *
     * @param state as the API server has them
     * @param pods the labelled pods as {@code list pods} shows them
     * @param warnings the controller's Events of type Warning on pods that are there, lately
     * @param asked what the agents that were asked hold
     * @param plugins names of CNI plugins that run in the cluster, as {@code cilium}
     */
    public record Members(
            ClusterState state, List<PodView> pods, List<Warning> warnings, List<Asked> asked, Set<String> plugins) {}

    /** The API server's version, {@code v1.34.4}; major and minor as numbers, 0 where they cannot be read. */
    public record Version(String text, int major, int minor) {}

    /** An object: present, absent, or unreadable for the caller. */
    public sealed interface Seen<T> {
        /** It is there. */
        record There<T>(T found) implements Seen<T> {}

        /** It is not there. */
        record Absent<T>() implements Seen<T> {}

        /** The caller may not read it. */
        record Hidden<T>() implements Seen<T> {}

        /** The object if it is there. */
        default Optional<T> object() {
            return this instanceof There<T>(T found) ? Optional.of(found) : Optional.empty();
        }

        /** Whether it is known not to be there. */
        default boolean isAbsent() {
            return this instanceof Absent<T>;
        }
    }

    /**
     * A Deployment.
     *
     * @param replicas its pods
     * @param account its pods' service account
     * @param variables those of its container that have a value of their own
     * @param secrets the Secrets among its pods' volumes, by the volume's name
     * @param version of the chart that made it; empty if it does not say
     */
    public record Workload(
            Replicas replicas,
            String account,
            Map<String, String> variables,
            Map<String, String> secrets,
            String version) {
        public Workload {
            variables = Map.copyOf(variables);
            secrets = Map.copyOf(secrets);
        }

        /** Of the controller: whether it writes EndpointSlices for Services that name a network. */
        public boolean publishesNames() {
            return variables.getOrDefault("KUBEVXLAN_NAMES", "").equals("true");
        }
    }

    /**
     * The pods of a Deployment.
     *
     * @param wanted how many it should have
     * @param ready how many are ready
     */
    public record Replicas(int wanted, int ready) {}

    /**
     * One webhook of a configuration.
     *
     * @param trusted the certificates that it trusts; empty if it has none
     * @param namespaces those whose objects it is asked about
     * @param isConditional whether it has further conditions, which can leave an object out
     */
    public record Hook(Optional<Validity> trusted, Selector namespaces, boolean isConditional) {}

    /** The validity of a certificate; of several, of the one that expires last. */
    public record Validity(Instant from, Instant to) {}

    /**
     * Who leads.
     *
     * @param since when it took over
     * @param renewed when it said last that it leads
     */
    public record Leader(String holder, Instant since, Instant renewed) {
        /** Twice as long as a leader that does not renew stays one. */
        public static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

        /** Whether it is a pod of that Deployment, by its name. */
        public boolean isPodOf(String deployment) {
            return holder.matches(Pattern.quote(deployment) + "-[0-9a-z]+-[0-9a-z]{5}-[0-9a-f]{16}");
        }

        /** Whether it leads at that time: somebody holds the Lease, and was heard lately. */
        public boolean leads(Instant now) {
            return !holder.isEmpty() && Duration.between(renewed, now).abs().compareTo(LONGEST_SILENCE) <= 0;
        }
    }

    /** A right that a service account needs, and whether it has it. */
    public record AccountRight(String account, Access access, boolean allowed) {}

    /**
     * What a right allows, in RBAC's words.
     *
     * @param resource with its API group, as {@code leases.coordination.k8s.io} or {@code pods/exec}
     * @param name of one object; empty for all
     * @param namespace empty for all namespaces, or for an object of the cluster
     */
    public record Access(String verb, String resource, String name, String namespace) {}

    /**
     * The API server's answer to a new pod in a namespace; a dry run.
     *
     * @param plain without the label
     * @param labelled with it
     */
    public record Trial(String namespace, TrialResult plain, TrialResult labelled) {}

    /** The API server's answer: taken with or without an agent, refused with words, or not to be asked. */
    public sealed interface TrialResult {
        /** It would be made. */
        record Taken(boolean withAgent) implements TrialResult {}

        /** It would not. */
        record Refused(String words) implements TrialResult {}

        /** The caller may not make pods there, or the namespace is gone; why, for a note. */
        record NotAsked(String why) implements TrialResult {}

        /** The webhook is not asked about pods there: the namespace has other labels than it is configured for. */
        record Unselected(Map<String, String> labels) implements TrialResult {
            public Unselected {
                labels = Map.copyOf(labels);
            }
        }
    }

    /** An Event on a pod, NAMESPACE/NAME. */
    public record Warning(String pod, String reason, String message) {}

    /**
     * An agent that was asked.
     *
     * @param unasked why it could not be; empty if it was
     * @param differences what differs
     * @param problems what its kernel cannot have
     * @param strangers how many packets of others than peers its filters dropped within {@link Facts#STRANGERS_WITHIN}
     */
    public record Asked(
            String pod, String unasked, List<Difference> differences, List<String> problems, long strangers) {
        /** The same with another number of strangers' packets. */
        public Asked with(long packets) {
            return new Asked(pod, unasked, differences, problems, packets);
        }
    }

    /** Where the product is. */
    public Release release() {
        return programs.release();
    }

    /** The controller's Deployment. */
    public Seen<Workload> controller() {
        return programs.deployments().controller();
    }

    /** The webhook's Deployment. */
    public Seen<Workload> webhook() {
        return programs.deployments().webhook();
    }

    /** Who keeps the webhook's certificate. */
    public Keeper keeper() {
        return apiServer.admission().keeper();
    }

    /** Networks and pods as the API server has them. */
    public ClusterState state() {
        return members.state();
    }

    /** The labelled pods as {@code list pods} shows them. */
    public List<PodView> pods() {
        return members.pods();
    }

    /** The commands that make a labelled pod anew, by its NAMESPACE/NAME. */
    public Optional<PodCommands> commands(String pod) {
        return members.state().pods().stream()
                .filter(known -> known.name().equals(pod))
                .findFirst()
                .map(known -> new PodCommands(known, release()));
    }
}
