package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The API server knows the webhook and what to trust it by. */
final class WebhookConfigured implements Check {
    @Override
    public String name() {
        return "webhook-configuration";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return Stream.concat(
                configuration(
                        facts,
                        facts.apiServer().admission().injector(),
                        "MutatingWebhookConfiguration",
                        "Labelled pods get no agent, and so no network."),
                configuration(
                        facts,
                        facts.apiServer().admission().judge(),
                        "ValidatingWebhookConfiguration",
                        "Nothing refuses mistakes in network definitions."));
    }

    private Stream<Finding> configuration(Facts facts, Seen<Hook> seen, String kind, String why) {
        String where = kind + " " + facts.release().name();
        return switch (seen) {
            case Seen.Hidden<Hook> _ -> Stream.empty();
            case Seen.Absent<Hook> _ ->
                Stream.of(Finding.broken(
                        name(),
                        "It does not exist.",
                        where,
                        why,
                        facts.release().reapply()));
            case Seen.There<Hook>(Hook hook) ->
                hook.trusted().isPresent()
                        ? Stream.empty()
                        : Stream.of(Finding.broken(
                                name(),
                                "Its caBundle holds no certificate.",
                                where,
                                why,
                                facts.keeper().bundle(facts.release())));
        };
    }
}
