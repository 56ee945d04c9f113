package io.github.kubevxlan.controller.agent.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.diff.Plan;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.diff.StateDiff;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.registry.Members;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever users write, what reaches the programs in a pod is words without a meaning to a shell or to a batch file. */
class HostileTextTest {
    private static final int CASES = 20_000;
    private static final Keys KEYS = new Keys(Nets.PREFIX);
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._:/-]*";
    private static final String NAME = "(vni[0-9]{1,8}-port[0-9]{1,5}-ipv[46]|router-advertisements)";
    private static final String SHORT = "[A-Za-z0-9][A-Za-z0-9._-]{0,14}";

    /** What may stand in a batch: words for ip and bridge; for nft only ours, numbers, addresses and our names. */
    private static final Pattern IP =
            Pattern.compile("(link|addr|route|neigh|fdb)( (alias " + WORD + "|nud permanent|" + WORD + "))+");

    private static final Pattern NFT = Pattern.compile("(add|flush|delete) (table|chain|set|counter|rule|element) inet "
            + Filter.TABLE + "( " + NAME + "( [^$`\\\\'#|&()*?<~%+]*)?)?");

    /** What may stand outside one, the nonce aside. */
    private static final Pattern SHELL = Pattern.compile("\\(|rc=0|fence 1 1 \\|\\| .*|\\) </dev/null 2>&1;"
            + " rc=.*|\\[ -n \"\\$nft\" ] \\|\\| probe|made=1|rename " + SHORT + " " + SHORT
            + " \\|\\| \\{ rc=1; made=; }|(\\[ -z \"\\$made\" ] \\|\\| )?\\$(ip|bridge|nft) (-force -batch|-batch|-f)"
            + " - <<'@n' \\|\\| (rc=1|\\{ rc=1; made=; })|\\[ \\$rc != 0 ] \\|\\| \\$ip link set dev lo alias"
            + " 'complete 1 1'|echo \"@n done \\$\\?\"|echo \"@n (devices|routes|filters|without-ipv6|foreign"
            + " -[46]|(digest|entries|neighbours|admitted) "
            + SHORT
            + ")\"; [^;|&`(]*");

    private static final List<String> HOSTILE = List.of(
            "$(reboot)",
            "`id`",
            ";",
            "'",
            "\"",
            "\\",
            "\n",
            "\r",
            "\t",
            "#",
            "|",
            "&",
            ">",
            "<",
            "*",
            "?",
            "~",
            "{",
            "}",
            "!",
            "\u0000",
            "\u00a0",
            "\u2028",
            "\ud800",
            "é",
            "٣",
            "@n\n",
            " -",
            "--",
            "$ip",
            "%d",
            "../",
            "\n@n\nreboot\n");

    private static final List<String> TEXTS = List.of(
            "100",
            "id=100",
            "id=101 mtu=1400 forwarding=flood",
            "id=102 peer=192.0.2.1;2001:db8::1 dstport=4789",
            "id=103 dev=eth0 route=10.9.0.0/24:10.1.0.9 ip=10.1.0.1/24 metric=5",
            "id=104 name=ov0 up=true namespaces=a;b");

    private static final List<String> NETWORKS = List.of(
            "vx0 ip=10.1.0.1/24 route=10.9.0.0/24:10.1.0.9", "vx0 name=ov0, vx1 ip=fd00::1/64;10.2.0.1/16",
            "vx1 metric=7 mtu=auto dev=eth0", "vx0, vx1, vx2");

    @Test
    void neverReachesAShellOrABatchFile() {
        int printed = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Map<String, String> definitions =
                    Map.of(spoilt("vx0", random), spoilt(any(TEXTS, random), random), "vx1", "200", "vx2", "id=300");
            Members members = new Members(
                    KEYS, Definitions.parse(definitions, new Defaults(new IfName("eth0"), new Port(8472))), 10, true);
            members.put(pod("one", spoilt(any(NETWORKS, random), random)));
            members.put(pod("two", any(NETWORKS, random)));
            for (String uid : List.of("one", "two")) {
                Optional<Target> target = members.target(uid);
                if (target.isPresent()) {
                    printed += check(target.get().desired(), seed);
                }
            }
        }
        int lines = printed;
        assertTrue(lines > CASES, () -> lines + " lines are too few to tell anything");
    }

    /** Both the making of everything and a change of it; gives how many lines there were. */
    private static int check(DesiredPod want, int seed) {
        SimulatedKernel kernel = new SimulatedKernel();
        ReportRequest reportRequest = new ReportRequest(true, want.links(), want.links(), want.destinations());
        ObservedPod empty = kernel.run(new Script(List.of(), false, reportRequest));
        Plan make = StateDiff.plan(Nets.PREFIX, want, empty, Map.of());
        ObservedPod full = kernel.run(new Script(make.ops(), true, reportRequest));
        Plan away = StateDiff.plan(Nets.PREFIX, DesiredPod.NONE, full, Map.of());
        return check(new Script(make.ops(), true, reportRequest), seed)
                + check(new Script(away.ops(), false, reportRequest), seed);
    }

    private static int check(Script script, int seed) {
        Optional<Pattern> batch = Optional.empty();
        List<String> lines =
                List.of(ScriptBuilder.print(script, "n", new FencingToken(1, 1)).split("\n"));
        for (String line : lines) {
            if (line.equals("@n")) {
                assertTrue(batch.isPresent(), () -> "seed " + seed + ": " + line);
                batch = Optional.empty();
            } else {
                Pattern allowed = batch.orElse(SHELL);
                assertTrue(allowed.matcher(line).matches(), () -> "seed " + seed + ": " + line);
                if (batch.isEmpty() && line.contains("<<")) {
                    batch = Optional.of(line.startsWith("$nft") ? NFT : IP);
                }
            }
        }
        return lines.size();
    }

    private static String any(List<String> texts, Random random) {
        return texts.get(random.nextInt(texts.size()));
    }

    /** As it is now and then; else with something hostile put in or in the place of a character. */
    private static String spoilt(String text, Random random) {
        if (random.nextInt(3) == 0) {
            return text;
        }
        int at = random.nextInt(text.length() + 1);
        int rest = Math.min(text.length(), at + random.nextInt(2));
        return text.substring(0, at) + any(HOSTILE, random) + text.substring(rest);
    }

    private static PodSnapshot pod(String uid, String networks) {
        return new PodSnapshot(
                new PodRef(uid, "a", uid),
                new PodSnapshot.Placement(
                        "node1", List.of(IpAddr.parse(uid.equals("one") ? "10.0.0.1" : "10.0.0.2")), false, false),
                new PodSnapshot.AgentContainer(AgentState.RUNNING, "vxlan-controller-agent", "c-" + uid, ""),
                new PodSnapshot.PodMeta(Map.of(KEYS.networks(), networks)),
                ObservedStatus.NOTHING);
    }
}
