package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds pods that the watch no longer shows: what is ours has to be taken out of those that still run. */
public interface UnlabelledPodLister {
    /**
     * The pod as it is now, if it is still the same one, has an address, and is not labelled.
     *
     * @throws PodReadException if that can't be known now
     */
    Optional<PodSnapshot> find(PodRef pod) throws PodReadException;

    /**
     * Where a list of many pods goes on.
     *
     * @param scope how many lists were read to their ends
     * @param token the API server's, for the next page of this list; empty for its first
     */
    record Place(int scope, String token) {
        /** Where it begins. */
        public static final Place START = new Place(0, "");

        /** The begin of the list after this one. */
        public Place nextList() {
            return new Place(scope + 1, "");
        }
    }

    /**
     * Gives the pods of one page that have an agent and an address without the label: one may have lost it while nobody
     * looked.
     *
     * @return where it goes on; empty at the end
     * @throws PodReadException if the page can't be listed now; its place is of no use then
     */
    Optional<Place> page(Place from, Consumer<PodSnapshot> action) throws PodReadException;
}
