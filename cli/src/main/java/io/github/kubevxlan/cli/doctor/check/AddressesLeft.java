package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.view.Views;
import java.util.stream.Stream;

/** Networks with a subnet have an address left. */
final class AddressesLeft implements Check {
    @Override
    public String name() {
        return "addresses";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        String namespace = facts.state().settings().namespace();
        String map = facts.state().settings().configMap();
        return Views.networks(facts.state()).stream()
                .filter(network -> network.addresses().areTaken())
                .map(network -> Finding.warning(
                        name(),
                        "All addresses of network " + network.name() + " are taken or reserved; its members have "
                                + network.addresses().addressesUsed() + ".",
                        "ConfigMap " + namespace + "/" + map,
                        "The next pod of that network waits until one is free: enlarge its subnet or range.",
                        facts.release().kubectl(namespace) + " edit configmap " + map));
    }
}
