package io.github.kubevxlan.controller.names;

import java.util.Optional;

/**
 * A port of a Service.
 *
 * @param name empty where the Service gives it none
 * @param protocol as {@code TCP}
 * @param appProtocol as the Service has it
 * @param targetPort where the pods listen: a number, or the name of a container's port
 */
public record ServicePort(String name, String protocol, Optional<String> appProtocol, String targetPort) {}
