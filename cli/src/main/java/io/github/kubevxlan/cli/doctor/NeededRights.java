package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.doctor.Facts.Access;
import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.state.Settings;
import io.github.kubevxlan.common.spec.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * The rights that the product's service accounts need: those that the chart gives them. Those that only some settings need
 * are among them if the Deployments are known.
 */
public final class NeededRights {
    private static final String CA_SECRET = "KUBEVXLAN_CA_SECRET";
    private static final String LEASES = "leases.coordination.k8s.io";
    private static final String CONFIGURATIONS = "webhookconfigurations.admissionregistration.k8s.io";

    private final Release release;
    private final Settings settings;
    private final List<AccountRight> needed = new ArrayList<>();

    private NeededRights(Release release, Settings settings) {
        this.release = release;
        this.settings = settings;
    }

    /** The accounts are the Deployments', or the chart's where these are not known. Each right counts as not given yet. */
    public static List<AccountRight> of(
            Release release, Settings settings, Seen<Workload> controller, Seen<Workload> webhook) {
        NeededRights rights = new NeededRights(release, settings);
        Keeper keeper = Keeper.of(release, controller, webhook);
        rights.ofController(controller.object().map(Workload::account).orElse(release.name()));
        controller.object().ifPresent(known -> rights.ofController(known, keeper));
        rights.ofWebhook(webhook.object().map(Workload::account).orElse(release.webhook()));
        webhook.object()
                .filter(_ -> keeper.mode() != Keeper.Mode.FILES)
                .ifPresent(known ->
                        rights.needs(known.account(), "list,watch", "secrets", keeper.secret(), release.namespace()));
        return List.copyOf(rights.needed);
    }

    private void ofController(String account) {
        String own = release.namespace();
        for (String namespace : served()) {
            needs(account, "get,list,watch", "pods", "", namespace);
            needs(account, "create,get", "pods/exec", "", namespace);
            needs(account, "patch", "pods/status", "", namespace);
            needs(account, "create", "events", "", namespace);
        }
        if (!settings.watched().isEmpty()) {
            needs(account, "create", "events", "", own);
        }
        ofBoth(account);
        needs(account, "create", "configmaps", "", own);
        needs(account, "get,patch", LEASES, release.name(), own);
        needs(account, "get,patch", LEASES, Keys.NETWORKS_LEASE, own);
        needs(account, "create", LEASES, "", own);
    }

    private void ofController(Workload controller, Keeper keeper) {
        String account = controller.account();
        String own = release.namespace();
        if (keeper.mode() == Keeper.Mode.SELF) {
            String ca = controller.variables().getOrDefault(CA_SECRET, release.name() + "-ca");
            needs(account, "get,list,watch,update", "secrets", ca, own);
            needs(account, "get,list,watch,update", "secrets", keeper.secret(), own);
            needs(account, "create", "secrets", "", own);
            needs(account, "get,list,watch,patch", "mutating" + CONFIGURATIONS, release.name(), "");
            needs(account, "get,list,watch,patch", "validating" + CONFIGURATIONS, release.name(), "");
        }
        if (controller.publishesNames()) {
            for (String namespace : served()) {
                needs(account, "list,watch", "services", "", namespace);
                needs(account, "list,watch,create,update,delete", "endpointslices.discovery.k8s.io", "", namespace);
            }
        }
    }

    private void ofWebhook(String account) {
        ofBoth(account);
        needs(account, "list,watch", LEASES, Keys.NETWORKS_LEASE, release.namespace());
    }

    private void ofBoth(String account) {
        needs(account, "list,watch", "configmaps", settings.configMap(), release.namespace());
        served().forEach(namespace -> needs(account, "list,watch", "namespaces", namespace, ""));
    }

    /** Their names; an empty one for all. */
    private List<String> served() {
        return settings.watched().isEmpty() ? List.of("") : settings.watched();
    }

    private void needs(String account, String verbs, String resource, String name, String namespace) {
        for (String verb : verbs.split(",", -1)) {
            needed.add(new AccountRight(account, new Access(verb, resource, name, namespace), false));
        }
    }
}
