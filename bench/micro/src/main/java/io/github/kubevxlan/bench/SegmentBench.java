package io.github.kubevxlan.bench;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.protocol.NativeDialect;
import io.github.kubevxlan.controller.diff.IncrementalUpdate;
import io.github.kubevxlan.controller.diff.Plan;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.diff.StateDiff;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.registry.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One member of a segment, as others come and go. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SegmentBench {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final Defaults DEFAULTS = new Defaults(new IfName("eth0"), new Port(14789));
    private static final FencingToken TOKEN = new FencingToken(1, 1);
    private static final String NONCE = "0123456789abcdef";
    private static final int ROUNDS = 5;

    @Param({"40", "1000"})
    public int size;

    private final NativeDialect dialect = new NativeDialect();
    private final Members members = new Members(KEYS, Definitions.absent(DEFAULTS), 1000, true);
    private DesiredPod before = DesiredPod.NONE;
    private DesiredPod after = DesiredPod.NONE;
    private Map<IfName, PeerTable> tables = Map.of();
    private ObservedPod seen;

    /** A kernel in memory gets what the first member is to have. */
    @Setup
    public void join() {
        members.define(Definitions.parse(Map.of("lab", "id=100 subnet=10.9.0.0/16"), DEFAULTS));
        members.giveAddresses();
        for (int number = 0; number < size; number++) {
            members.put(pod(number));
        }
        before = first();
        tables = before.links().stream().collect(Collectors.toMap(DesiredLink::name, DesiredLink::peers));
        SimulatedKernel kernel = new SimulatedKernel();
        ReportRequest asked =
                new ReportRequest(true, before.links(), List.of(), before.destinations(), before.isImpaired());
        seen = kernel.run(new Script(List.of(), false, asked));
        for (int round = 0; round < ROUNDS && !compare().settled(); round++) {
            seen = kernel.run(new Script(compare().ops(), false, asked));
        }
        if (!compare().settled()) {
            throw new IllegalStateException("the kernel does not become as it should: " + compare());
        }
        members.put(pod(size));
        after = first();
        members.remove(uid(size));
        if (!IncrementalUpdate.suffices(before, after) || !change().contains("10.244")) {
            throw new IllegalStateException("one more is no change of peers alone: " + change());
        }
    }

    /** One more is known and forgotten, and each time one peer's table is worked out. */
    @Benchmark
    public int plan() {
        members.put(pod(size));
        PeerTable more = first().links().getFirst().peers();
        members.remove(uid(size));
        return more.since(first().links().getFirst().peers()).added().size();
    }

    /** The request to a member about one more. */
    @Benchmark
    public String change() {
        return dialect.run(IncrementalUpdate.between(before, after).script(), TOKEN, NONCE)
                .text();
    }

    /** A drift check that finds nothing. */
    @Benchmark
    public Plan compare() {
        return StateDiff.plan(KEYS.prefix(), before, seen, tables);
    }

    private DesiredPod first() {
        return members.target(uid(0)).orElseThrow().desired();
    }

    private static String uid(int number) {
        return "uid-" + number;
    }

    private static PodSnapshot pod(int number) {
        return Snapshots.running(
                new PodRef(uid(number), "default", "pod-" + number),
                "node" + number % 10,
                IpAddr.parse("10.244.%d.%d".formatted(number / 250, 1 + number % 250)),
                Map.of(KEYS.names(), "lab"),
                ObservedStatus.NOTHING);
    }
}
