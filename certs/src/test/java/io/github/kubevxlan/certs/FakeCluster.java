package io.github.kubevxlan.certs;

import io.github.kubevxlan.certs.Snapshot.WebhookConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An API server's part in this: two webhook configurations with three entries, two Secrets, versions that guard. */
final class FakeCluster implements CertStore {
    private static final byte[] NOTHING = {};

    private final List<WebhookConfig> webhooks =
            new ArrayList<>(List.of(config("mutating", 1, NOTHING, NOTHING), config("validating", 1, NOTHING)));
    private SecretData tls = SecretData.ABSENT;
    private SecretData ca = SecretData.ABSENT;
    private int lastVersion = 1;
    private Consumer<Step> beforeStep = step -> {};

    /** What is about to happen: the first read of a look, a further one, a write. */
    enum Step {
        READ,
        READ_ON,
        WRITE
    }

    /** Called before each single read and write, where others may get in between. */
    void beforeEachStep(Consumer<Step> action) {
        beforeStep = action;
    }

    @Override
    public Snapshot read() {
        beforeStep.accept(Step.READ);
        List<WebhookConfig> seenWebhooks = List.copyOf(webhooks);
        beforeStep.accept(Step.READ_ON);
        SecretData seenTls = tls;
        beforeStep.accept(Step.READ_ON);
        return new Snapshot(seenWebhooks, seenTls, ca);
    }

    @Override
    public void writeCa(Snapshot seen, Map<String, byte[]> data) throws Conflict {
        beforeStep.accept(Step.WRITE);
        require(seen.ca().version().equals(ca.version()), "CA");
        ca = secret(data);
    }

    @Override
    public void writeTls(Snapshot seen, Map<String, byte[]> data) throws Conflict {
        beforeStep.accept(Step.WRITE);
        require(seen.tls().version().equals(tls.version()), "TLS");
        tls = secret(data);
    }

    @Override
    public void publish(Snapshot seen, CaBundle bundle) throws Conflict {
        for (int i = 0; i < webhooks.size(); i++) {
            beforeStep.accept(Step.WRITE);
            WebhookConfig config = webhooks.get(i);
            require(seen.webhooks().get(i).version().equals(config.version()), config.name());
            byte[][] bundles =
                    config.caBundles().stream().map(old -> bundle.pem()).toArray(byte[][]::new);
            webhooks.set(i, config(config.name(), ++lastVersion, bundles));
        }
    }

    SecretData tls() {
        return tls;
    }

    SecretData ca() {
        return ca;
    }

    void setTls(SecretData data) {
        tls = data.version().isEmpty() ? data : secret(data.data());
    }

    void setCa(SecretData data) {
        ca = data.version().isEmpty() ? data : secret(data.data());
    }

    void setCaBundle(int config, byte[]... bundles) {
        webhooks.set(config, config(webhooks.get(config).name(), ++lastVersion, bundles));
    }

    void removeWebhooks() {
        webhooks.clear();
    }

    /** What the entries trust, as text: equal when and only when nothing has changed. */
    List<String> trusted() {
        return webhooks.stream()
                .flatMap(config -> config.caBundles().stream())
                .map(String::new)
                .toList();
    }

    private SecretData secret(Map<String, byte[]> data) {
        return new SecretData(Optional.of(String.valueOf(++lastVersion)), data);
    }

    private static WebhookConfig config(String name, int version, byte[]... bundles) {
        return new WebhookConfig(name, String.valueOf(version), Arrays.asList(bundles));
    }

    private static void require(boolean unchanged, String what) throws Conflict {
        if (!unchanged) {
            throw new Conflict(what + " has changed");
        }
    }
}
