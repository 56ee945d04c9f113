package io.github.kubevxlan.controller.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** What is sent to browsers: JSON documents, as server-sent events (HTML Living Standard, 9.2) where they follow. Pure. */
final class PageJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PageJson() {}

    private record Snapshot(
            PageLeader leader,
            Collection<PageNetwork> networks,
            Collection<PageMember> members,
            List<PageChange> changes,
            long now) {}

    private record Delta(PageDelta model, List<PageChange> changes, List<String> podsWithEvents, long now) {}

    private record Pod(String uid, List<PageChange> changes) {}

    /** The event with everything that is shown; what a browser had is void. */
    static byte[] snapshot(PageModel model, List<PageChange> changes, long now) {
        return event(
                "snapshot",
                new Snapshot(
                        model.leader(),
                        model.networks().values(),
                        model.members().values(),
                        changes,
                        now));
    }

    /** The event with what is new. Of Kubernetes Events it has the pods alone: a browser asks for those that it shows. */
    static byte[] delta(PageDelta delta, List<PageChange> changes, List<String> podsWithEvents, long now) {
        return event("delta", new Delta(delta, changes, podsWithEvents, now));
    }

    /** What is known of a pod beside its place in the model. */
    static byte[] pod(String uid, List<PageChange> changes) {
        return text(new Pod(uid, changes)).getBytes(StandardCharsets.UTF_8);
    }

    /** JSON of Jackson's has no line ends, so that it is one line of data. */
    private static byte[] event(String name, Object data) {
        return ("event: " + name + "\ndata: " + text(data) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
