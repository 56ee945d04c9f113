package io.github.kubevxlan.controller.names.api;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.names.SliceStore;
import io.github.kubevxlan.controller.names.SliceWriteException;
import java.util.concurrent.atomic.LongAdder;

/** Writes EndpointSlices, one request for each change. */
public final class SliceApi implements SliceStore {
    private final KubernetesClient client;
    private final LongAdder sent = new LongAdder();

    /** Takes the client. */
    public SliceApi(KubernetesClient client) {
        this.client = client;
    }

    /** How many writes were sent. */
    public long sent() {
        return sent.sum();
    }

    @Override
    public String write(SliceChange change) throws SliceWriteException {
        sent.increment();
        try {
            return switch (change) {
                case SliceChange.Create(var slice) ->
                    version(resource(SliceMapper.create(slice)).create());
                case SliceChange.Update(var slice, var version) ->
                    version(resource(SliceMapper.replace(slice, version)).update());
                case SliceChange.Delete(var slice, var version) -> {
                    resource(SliceMapper.replace(slice, version))
                            .lockResourceVersion(version)
                            .delete();
                    yield "";
                }
            };
        } catch (KubernetesClientException e) {
            throw new SliceWriteException(Reason.of(e), e);
        }
    }

    private Resource<EndpointSlice> resource(EndpointSlice slice) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(slice.getMetadata().getNamespace())
                .resource(slice);
    }

    private static String version(EndpointSlice slice) {
        return slice.getMetadata().getResourceVersion();
    }
}
