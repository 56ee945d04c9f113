package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Parsed;
import io.github.kubevxlan.common.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a Service asks for. Pure. */
final class ServiceCheck {
    /** Of each namespace; those that were made last come to nothing. */
    static final int MOST_SERVICES = 100;

    private static final String HEADLESS = "None";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    private final Keys keys;
    private final Definitions definitions;

    ServiceCheck(Keys keys, Definitions definitions) {
        this.keys = keys;
        this.definitions = definitions;
    }

    /** What it publishes; where there are problems, it publishes nothing. */
    Parsed<Publication> check(ServiceSnapshot service) {
        List<Problem> problems = new ArrayList<>();
        String network = service.network().strip();
        String where = "annotation " + keys.network();
        definitions.refusal(where, network, service.ref().namespace()).ifPresent(problems::add);
        Parsed<Selector> selector = Selector.parse(
                "annotation " + keys.networkPods(), service.pods().orElse(""));
        problems.addAll(selector.problems());
        if (!service.selector().isEmpty()) {
            problems.add(new Problem(
                    "spec.selector",
                    1,
                    1,
                    service.selector(),
                    "no selector, as " + keys.network() + " takes its place; " + keys.networkPods()
                            + " chooses among the members"));
        }
        if (!service.clusterIp().equals(HEADLESS)) {
            problems.add(new Problem("spec.clusterIP", 1, 1, service.clusterIp(), "None: a headless Service"));
        }
        List<SlicePort> ports = ports(service, problems);
        return new Parsed<>(new Publication(service, network, selector.value(), ports), problems);
    }

    /** Of one that is one too many in its namespace. */
    Problem tooMany(ServiceSnapshot service) {
        return new Problem(
                "annotation " + keys.network(),
                1,
                1,
                service.network().strip(),
                "at most " + MOST_SERVICES + " Services with that annotation in a namespace");
    }

    private static List<SlicePort> ports(ServiceSnapshot service, List<Problem> problems) {
        List<SlicePort> ports = new ArrayList<>();
        for (int i = 0; i < service.ports().size(); i++) {
            ServicePort port = service.ports().get(i);
            Optional<Integer> number = number(port.targetPort());
            if (number.isPresent()) {
                ports.add(new SlicePort(port.name(), port.protocol(), port.appProtocol(), number.get()));
            } else {
                problems.add(new Problem(
                        "spec.ports[%d].targetPort".formatted(i),
                        1,
                        1,
                        port.targetPort(),
                        "a number, as a Service without selector knows no container ports"));
            }
        }
        return ports;
    }

    private static Optional<Integer> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
