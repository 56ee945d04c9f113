package io.github.kubevxlan.cli.state;

import java.util.Map;

/**
 * Where the product is installed.
 *
 * @param namespace of its objects
 * @param name the name of the controller's Deployment
 * @param connection how the caller reaches it
 * @param reapply the command that makes every object of it again as it was installed
 */
public record Release(String namespace, String name, Connection connection, String reapply) {
    /** The namespace that the documentation installs it in. */
    public static final String USUAL_NAMESPACE = "kube-system";

    /** The name that the chart gives the controller's Deployment. */
    public static final String USUAL_NAME = "kube-vxlan-controller";

    /** The label that the chart gives its objects with the product's version. */
    public static final String VERSION_LABEL = "app.kubernetes.io/version";

    private static final String HELM_RELEASE = "meta.helm.sh/release-name";
    private static final String HELM_NAMESPACE = "meta.helm.sh/release-namespace";

    /** One of which nothing more is known: it is taken for a Helm release of the Deployment's name. */
    public Release(String namespace, String name, Connection connection) {
        this(namespace, name, connection, helm(namespace, name, connection));
    }

    /** One in the cluster of the current context. */
    public Release(String namespace, String name) {
        this(namespace, name, Connection.CURRENT);
    }

    /**
     * The same, now that one of its objects is known.
     *
     * @param annotations those of the object: Helm notes its release there, other installers do not
     */
    public Release installedBy(Map<String, String> annotations) {
        String helm = annotations.getOrDefault(HELM_RELEASE, "");
        String its = annotations.getOrDefault(HELM_NAMESPACE, namespace);
        return new Release(
                namespace,
                name,
                connection,
                ApiNames.isName(helm) && ApiNames.isName(its)
                        ? helm(its, helm, connection)
                        : kubectlAnywhere() + " apply --filename k8s.yaml");
    }

    /** The webhook's Deployment, Service and Certificate. */
    public String webhook() {
        return name + "-webhook";
    }

    /** The beginning of a kubectl command about its objects. */
    public String kubectl() {
        return kubectl(namespace);
    }

    /** The beginning of a kubectl command about objects of a namespace. */
    public String kubectl(String of) {
        return kubectlAnywhere() + " --namespace " + of;
    }

    /** The beginning of a kubectl command about objects of the cluster. */
    public String kubectlAnywhere() {
        return "kubectl" + connection.options();
    }

    /** A command of this program about it. */
    public String vxlan(String command) {
        return "vxlan " + command
                + (namespace.equals(USUAL_NAMESPACE) ? "" : " --release-namespace " + namespace)
                + (name.equals(USUAL_NAME) ? "" : " --release " + name)
                + connection.options();
    }

    /** The command that shows a pod. */
    public String inspect(String podNamespace, String pod) {
        return vxlan("inspect pod --namespace " + podNamespace + " " + pod);
    }

    private static String helm(String namespace, String release, Connection connection) {
        return "helm" + connection.ofHelm() + " --namespace " + namespace + " get manifest " + release + " | kubectl"
                + connection.options() + " apply --filename -";
    }
}
