package io.github.kubevxlan.common.spec;

import java.util.Map;

/**
 * How a link sends.
 *
 * @param attributes those that are set
 * @param impairments what a lab does to the packets
 */
public record LinkTuning(Map<LinkAttribute, Integer> attributes, Impairments impairments) {
    public LinkTuning {
        attributes = Map.copyOf(attributes);
    }
}
