package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Access;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** Both service accounts may do what they have to. */
final class RightsGiven implements Check {
    @Override
    public String name() {
        return "rights";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.programs().rights().stream()
                .filter(right -> !right.allowed())
                .map(right -> Finding.broken(
                        name(),
                        "It may not " + words(right.access()) + ".",
                        "ServiceAccount " + facts.release().namespace() + "/" + right.account(),
                        "The product cannot do what needs that right.",
                        facts.release().reapply()));
    }

    private static String words(Access access) {
        return access.verb() + " " + access.resource()
                + (access.name().isEmpty() ? "" : " " + access.name())
                + (access.namespace().isEmpty() ? "" : " in namespace " + access.namespace());
    }
}
