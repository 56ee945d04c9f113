package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.BusyException;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.PathAgent;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Measures the path from one member to another: lets the other answer, and the one measure. */
final class Measurement {
    private static final int TOKEN_BYTES = 16;
    private final PathAgent agent;
    private final RandomGenerator random;

    Measurement(PathAgent agent, RandomGenerator random) {
        this.agent = agent;
        this.random = random;
    }

    /** A member and its link in the segment. */
    record End(PodSnapshot pod, DesiredLink link) {
        /** Whether it holds the other's entries. */
        boolean knows(End other) {
            return other.link().ownInPeerTable().allMatch(link.peers()::contains);
        }
    }

    /** What came of one. */
    sealed interface Result {
        /** The path was measured. */
        record Measured(PathReport report) implements Result {}

        /** The two have no addresses in one subnet. */
        record Apart() implements Result {}

        /** Nothing can be said now: one does not hold the other yet, one changed meanwhile, or the other has no room. */
        record Postponed() implements Result {}

        /** Nothing can be said, since the other's agent does not answer the controller. */
        record Silent() implements Result {}

        /** That member's agent does not know how. */
        record Unable(PodSnapshot pod) implements Result {}

        /** The one that is to measure can't be asked now. */
        record Failed() implements Result {}
    }

    /** The addresses of two ends in one subnet. */
    private record Addresses(IpAddr from, IpAddr to) {}

    /** Measures once; waits until it is done. */
    Result between(End from, End to) throws InterruptedException {
        Optional<Addresses> addresses = addresses(from, to);
        if (addresses.isEmpty()) {
            return new Result.Apart();
        } else if (!from.knows(to) || !to.knows(from)) {
            return new Result.Postponed();
        }
        Optional<Echo> echo;
        try {
            echo = agent.echo(
                    to.pod(),
                    new EchoRequest(
                            to.link().name(),
                            addresses.get().to(),
                            addresses.get().from(),
                            token()));
        } catch (BusyException e) {
            return new Result.Postponed();
        } catch (AgentException e) {
            return new Result.Silent();
        }
        if (echo.isEmpty()) {
            return new Result.Unable(to.pod());
        }
        Optional<PathReport> report;
        try {
            report = agent.probe(
                    from.pod(),
                    new ProbeRequest(from.link().name(), addresses.get().from(), echo.get()));
        } catch (AgentException e) {
            return new Result.Failed();
        }
        return report.<Result>map(Result.Measured::new).orElseGet(() -> new Result.Unable(from.pod()));
    }

    private static Optional<Addresses> addresses(End from, End to) {
        List<InterfaceAddress> others = to.link().network().addresses();
        return from.link().network().addresses().stream()
                .filter(own -> !own.address().value().isLinkLocal())
                .flatMap(own -> others.stream()
                        .filter(other -> own.network().contains(other.address())
                                && !own.address().equals(other.address())
                                && other.network().contains(own.address()))
                        .map(other -> new Addresses(own.address(), other.address())))
                .findFirst();
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
