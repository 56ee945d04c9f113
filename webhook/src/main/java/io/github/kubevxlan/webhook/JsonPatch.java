package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** A JSON Patch document (RFC 6902 section 3). */
final class JsonPatch {
    private JsonPatch() {}

    static ArrayNode toJson(List<PatchOp> patch) {
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (PatchOp op : patch) {
            switch (op) {
                case PatchOp.Add add ->
                    document.addObject()
                            .put("op", "add")
                            .put("path", add.path().toString())
                            .set("value", add.value());
                case PatchOp.Remove remove ->
                    document.addObject()
                            .put("op", "remove")
                            .put("path", remove.path().toString());
            }
        }
        return document;
    }
}
