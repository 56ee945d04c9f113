package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.state.Release;
import java.util.stream.Stream;

/** Controller and webhook come from the same chart, and this command is of its minor version. Unknown versions agree with all. */
final class VersionsAgree implements Check {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        Release release = facts.release();
        String controller = version(facts.controller());
        String webhook = version(facts.webhook());
        String command = facts.programs().command();
        return Stream.concat(
                differ(controller, webhook)
                        ? Stream.of(Finding.warning(
                                name(),
                                "Its version is " + webhook + ", and the controller's is " + controller + ".",
                                "Deployment " + release.namespace() + "/" + release.webhook(),
                                "The webhook may accept annotations that the controller does not know, or refuse those"
                                        + " that it does.",
                                release.reapply()))
                        : Stream.empty(),
                differ(minor(controller), minor(command))
                        ? Stream.of(Finding.warning(
                                name(),
                                "Its version is " + controller + ", and this vxlan's is " + command + ".",
                                "Deployment " + release.namespace() + "/" + release.name(),
                                "This vxlan may miss problems, or show differences that are none. Use the vxlan of that"
                                        + " version, or upgrade the chart.",
                                release.kubectl() + " get deployment " + release.name() + " " + release.webhook()
                                        + " --label-columns " + Release.VERSION_LABEL))
                        : Stream.empty());
    }

    private static String version(Seen<Workload> seen) {
        return seen.object().map(Workload::version).orElse("");
    }

    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }

    /** The first two numbers of a version. */
    private static String minor(String version) {
        return version.replaceFirst("^(\\d+\\.\\d+).*", "$1");
    }
}
