package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Leader;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Finding;
import java.time.Duration;
import java.util.stream.Stream;

/** One of the controllers leads. */
final class LeaderWorks implements Check {
    @Override
    public String name() {
        return "leader";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return switch (facts.programs().lease()) {
            case Seen.Hidden<Leader> _ -> Stream.empty();
            case Seen.Absent<Leader> _ -> Stream.of(finding(facts, "No controller has ever led."));
            case Seen.There<Leader>(Leader leader) -> {
                Duration age = Duration.between(leader.renewed(), facts.now());
                if (age.negated().compareTo(Leader.LONGEST_SILENCE) > 0) {
                    yield Stream.of(ahead(facts, leader, age.negated()));
                }
                yield leader.leads(facts.now())
                        ? Stream.empty()
                        : Stream.of(finding(
                                facts,
                                leader.holder().isEmpty()
                                        ? "No controller leads."
                                        : "The leader " + leader.holder() + " was last heard " + age.toSeconds()
                                                + " s ago."));
            }
        };
    }

    /** Others compare that time with their own clocks. */
    private Finding ahead(Facts facts, Leader leader, Duration ahead) {
        return Finding.broken(
                name(),
                "The leader " + leader.holder() + " was last heard at " + leader.renewed() + ", which is "
                        + ahead.toSeconds() + " s ahead of the time here.",
                "Lease " + facts.release().namespace() + "/" + facts.release().name(),
                "A clock is wrong. If that controller is gone, no other leads before then, and no pod gets its"
                        + " networks. Without the Lease the controllers elect a leader anew.",
                facts.release().kubectl() + " delete lease " + facts.release().name());
    }

    private Finding finding(Facts facts, String what) {
        return Finding.broken(
                name(),
                what,
                "Lease " + facts.release().namespace() + "/" + facts.release().name(),
                "No pod gets its networks, and members do not follow changes.",
                facts.release().kubectl() + " rollout restart deployment "
                        + facts.release().name());
    }
}
