package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/** An operation of a JSON Patch (RFC 6902 section 4). */
public sealed interface PatchOp {
    /** Where it works (RFC 6901). */
    JsonPointer path();

    /**
     * Inserts into a list before the element at the path ({@code -} for its end), or sets a member of an object.
     *
     * @param value what is put there
     */
    record Add(JsonPointer path, JsonNode value) implements PatchOp {}

    /** Takes away what is at the path; it must be there. */
    record Remove(JsonPointer path) implements PatchOp {}

    /** Makes a path of member names, escaping them as RFC 6901 section 3 asks. */
    static JsonPointer path(String... members) {
        JsonPointer path = JsonPointer.empty();
        for (String member : members) {
            path = path.appendProperty(member);
        }
        return path;
    }
}
