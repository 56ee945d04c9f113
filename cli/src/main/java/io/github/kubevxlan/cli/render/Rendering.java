package io.github.kubevxlan.cli.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.render.Remark.Severity;
import java.util.List;

/**
 * The result for manifests.
 *
 * @param documents in their order, without what was refused
 * @param remarks in the order of the objects
 */
public record Rendering(List<ObjectNode> documents, List<Remark> remarks) {
    public Rendering {
        documents = List.copyOf(documents);
        remarks = List.copyOf(remarks);
    }

    /** Tells whether there is a remark of that severity. */
    public boolean has(Severity severity) {
        return remarks.stream().anyMatch(remark -> remark.severity() == severity);
    }
}
