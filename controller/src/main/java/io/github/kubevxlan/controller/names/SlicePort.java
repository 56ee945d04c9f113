package io.github.kubevxlan.controller.names;

import java.util.Optional;

/**
 * A port of an EndpointSlice.
 *
 * @param name empty for none
 * @param protocol as {@code TCP}
 * @param appProtocol as the Service has it
 * @param port where the pods listen
 */
public record SlicePort(String name, String protocol, Optional<String> appProtocol, int port) {}
