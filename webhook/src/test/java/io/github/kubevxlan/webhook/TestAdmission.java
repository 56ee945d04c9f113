package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What tests judge with. */
final class TestAdmission {
    static final Keys KEYS = new Keys("vxlan.travelping.com");
    static final AgentSettings AGENT = new AgentSettings(
            new AgentImage("registry.test/agent:1", "IfNotPresent", List.of()),
            true,
            Set.of("openvnf/kube-vxlan-controller-agent", "registry.test:5000/old/agent"),
            AgentRequirements.DEFAULT);
    static final Admission ADMISSION = new Admission(KEYS, AGENT, AgentMode.NATIVE, false);
    static final Admission CLASSIC = new Admission(KEYS, AGENT, AgentMode.CLASSIC, false);
    static final Definitions DEFINITIONS = Definitions.parse(
            Map.of("vxeth0", "100", "vxeth1", "id=101 up", "bad", "id=102 up=maybe"),
            new Defaults(new IfName("eth0"), new Port(8472)));

    private TestAdmission() {}

    static NamespaceFacts facts(Map<String, String> annotations) {
        return new NamespaceFacts(annotations, "");
    }
}
