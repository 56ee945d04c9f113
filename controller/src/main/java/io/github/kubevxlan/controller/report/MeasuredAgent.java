package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** Another agent, with the time of each call, and what it tells of dropped packets, as Prometheus metrics. */
public final class MeasuredAgent implements Agent {
    private final Agent agent;
    private final Ticker ticker;
    private final Histogram calls;
    private final DroppedPackets dropped;

    /** Registers the metrics. */
    public MeasuredAgent(Agent agent, Ticker ticker, PrometheusRegistry metrics) {
        this.agent = agent;
        this.ticker = ticker;
        calls = Histogram.builder()
                .name("kube_vxlan_agent_call_duration_seconds")
                .help("Time of one call to an agent by outcome.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(ReconcileMetrics.CALL_BOUNDS)
                .register(metrics);
        dropped = new DroppedPackets(metrics);
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        Duration begun = ticker.elapsed();
        String outcome = "failed";
        try {
            ObservedPod seen = agent.run(pod, script);
            outcome = "answered";
            dropped.reported(pod.ref().uid(), script.reportRequest(), seen);
            return seen;
        } finally {
            calls.labelValues(outcome)
                    .observe(ReconcileMetrics.seconds(ticker.elapsed().minus(begun)));
        }
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return agent.hasSession(pod);
    }

    @Override
    public void forget(String uid) {
        agent.forget(uid);
        dropped.forget(uid);
    }
}
