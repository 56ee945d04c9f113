package io.github.kubevxlan.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Replicas;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.state.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeededRightsTest {
    private static final Path TEMPLATES = Path.of("../charts/kube-vxlan-controller/templates");
    private static final Release RELEASE = new Release("kube-system", "kube-vxlan-controller");
    private static final Pattern RULE = Pattern.compile("- apiGroups: \\[(.*)]\\s+resources: \\[(.*)]\\s+"
            + "(?:resourceNames:(?: \\[(.*)])?\\s+)?verbs: \\[(.*)]");

    /** With all that the templates leave out where a value says so. */
    @ParameterizedTest
    @CsvSource({"controller", "webhook"})
    void thoseThatTheChartGivesAreNeededAndNoOthers(String account) throws IOException {
        Seen<Workload> controller =
                workload("controller", Map.of("KUBEVXLAN_TLS_MODE", "self", "KUBEVXLAN_NAMES", "true"));

        assertEquals(
                given(account + "-clusterrole.yaml", account + "-role.yaml"),
                words(account, needed(Clusters.SETTINGS, controller, workload("webhook", Map.of()))));
    }

    @Test
    void thoseOnPodsAreNeededInEachNamespaceThatIsServed() {
        Settings settings = Settings.read(Map.of("KUBEVXLAN_WATCH_NAMESPACES", "a,b"));

        List<AccountRight> needed = needed(settings, new Seen.Hidden<>(), new Seen.Hidden<>());

        assertEquals(
                List.of("a", "b"),
                needed.stream()
                        .filter(right -> right.access().resource().equals("pods/status"))
                        .map(right -> right.access().namespace())
                        .toList());
        assertEquals(
                Set.of("a", "b"),
                needed.stream()
                        .filter(right -> right.access().resource().equals("namespaces"))
                        .map(right -> right.access().name())
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource({"self, 9, 2", "cert-manager, 0, 2", "files, 0, 0"})
    void secretsAreThoseOfTheKeeperOfTheCertificate(String mode, int controllers, int webhooks) {
        List<AccountRight> needed = needed(
                Clusters.SETTINGS,
                workload("controller", Map.of("KUBEVXLAN_TLS_MODE", mode)),
                workload("webhook", Map.of()));

        assertEquals(controllers, secrets("controller", needed));
        assertEquals(webhooks, secrets("webhook", needed));
    }

    /** What only some settings need might be no fault there. */
    @Test
    void settingsThatAreNotKnownNeedNothing() {
        List<AccountRight> needed = needed(Clusters.SETTINGS, new Seen.Hidden<>(), new Seen.Absent<>());

        assertEquals(0, secrets("kube-vxlan-controller", needed));
        assertTrue(needed.stream().noneMatch(right -> right.access().resource().startsWith("endpointslices")));
    }

    private static List<AccountRight> needed(Settings settings, Seen<Workload> controller, Seen<Workload> webhook) {
        return NeededRights.of(RELEASE, settings, controller, webhook);
    }

    private static long secrets(String account, List<AccountRight> needed) {
        return needed.stream()
                .filter(right -> right.account().equals(account)
                        && right.access().resource().equals("secrets"))
                .count();
    }

    private static Set<String> words(String account, List<AccountRight> needed) {
        return needed.stream()
                .filter(right -> right.account().equals(account))
                .map(right -> right.access())
                .map(access -> access.verb() + " " + access.resource() + " " + access.name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rules of the chart's templates, whatever value they depend on. */
    private static Set<String> given(String... templates) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String template : templates) {
            text.append(Files.readString(TEMPLATES.resolve(template)));
        }
        String rules = Pattern.compile("\\{\\{-? include \"kube-vxlan-controller\\.(\\w+Rules|tlsSecret)\"[^}]*}}")
                .matcher(text)
                .replaceAll(include -> include.group(1).equals("tlsSecret")
                        ? "kube-vxlan-controller-webhook-tls"
                        : "\n" + helper(include.group(1)))
                .replaceAll("\\{\\{[^}]*}}", "");
        List<MatchResult> found = RULE.matcher(rules).results().toList();
        assertEquals(rules.split("apiGroups:", -1).length - 1, found.size(), rules);
        return found.stream().flatMap(NeededRightsTest::rights).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> rights(MatchResult rule) {
        String group = rule.group(1).replace("\"", "");
        return each(rule.group(2))
                .flatMap(resource -> each(rule.group(3) == null ? "" : rule.group(3))
                        .flatMap(name -> each(rule.group(4))
                                .map(verb ->
                                        verb + " " + resource + (group.isEmpty() ? "" : "." + group) + " " + name)));
    }

    private static Stream<String> each(String list) {
        return Stream.of(list.split(", ", -1)).map(String::strip);
    }

    private static String helper(String name) {
        try {
            String all = Files.readString(TEMPLATES.resolve("_helpers.tpl"));
            String begin = "{{- define \"kube-vxlan-controller." + name + "\" -}}";
            String rest = all.substring(all.indexOf(begin) + begin.length());
            return rest.substring(0, rest.indexOf("{{- end -}}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Seen<Workload> workload(String account, Map<String, String> variables) {
        return new Seen.There<>(new Workload(new Replicas(1, 1), account, variables, Map.of(), ""));
    }
}
