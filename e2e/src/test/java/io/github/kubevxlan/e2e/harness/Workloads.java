package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;

/** What makes pods: each kind with a pod as its template, under that pod's name, which is its label {@value #OWNER} too. */
public final class Workloads {
    /** The label of all pods that a workload makes. */
    public static final String OWNER = "owner";

    private Workloads() {}

    /** Of one replica, as all that follow where nothing else is said. */
    public static Deployment deployment(Pod pod) {
        return new DeploymentBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withReplicas(1)
                .withSelector(selecting(pod))
                .withTemplate(template(pod))
                .endSpec()
                .build();
    }

    public static ReplicaSet replicaSet(Pod pod) {
        return new ReplicaSetBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withReplicas(1)
                .withSelector(selecting(pod))
                .withTemplate(template(pod))
                .endSpec()
                .build();
    }

    public static StatefulSet statefulSet(Pod pod) {
        return new StatefulSetBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withReplicas(1)
                .withServiceName("none")
                .withSelector(selecting(pod))
                .withTemplate(template(pod))
                .endSpec()
                .build();
    }

    /** Of one pod on each node. */
    public static DaemonSet daemonSet(Pod pod) {
        return new DaemonSetBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withSelector(selecting(pod))
                .withTemplate(template(pod))
                .endSpec()
                .build();
    }

    /** One that gives up when pods or their containers have failed that often and once more. */
    public static Job job(Pod pod, int retries) {
        return new JobBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withBackoffLimit(retries)
                .withTemplate(template(pod))
                .endSpec()
                .build();
    }

    /** One that makes such a Job every minute; its Jobs have the label too. */
    public static CronJob cronJob(Pod pod, int retries) {
        return new CronJobBuilder()
                .withMetadata(named(pod))
                .withNewSpec()
                .withSchedule("* * * * *")
                .withNewJobTemplate()
                .withMetadata(named(pod))
                .withSpec(job(pod, retries).getSpec())
                .endJobTemplate()
                .endSpec()
                .build();
    }

    private static ObjectMeta named(Pod pod) {
        String name = pod.getMetadata().getName();
        return new ObjectMetaBuilder().withName(name).addToLabels(OWNER, name).build();
    }

    private static LabelSelector selecting(Pod pod) {
        return new LabelSelectorBuilder()
                .addToMatchLabels(OWNER, pod.getMetadata().getName())
                .build();
    }

    private static PodTemplateSpec template(Pod pod) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(pod.getMetadata().getLabels())
                .addToLabels(OWNER, pod.getMetadata().getName())
                .withAnnotations(pod.getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(pod.getSpec())
                .build();
    }
}
