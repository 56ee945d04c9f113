import itertools
import unittest

import chart

NAME = "kube-vxlan-controller"
WEBHOOK = f"{NAME}-webhook"


def rights(manifests, kind, name):
    """Every single right of a role as (group, resource, resource name or any, verb)."""
    return rights_of(manifests[f"{kind}/{name}"])


def rights_of(role):
    return {
        (group, resource, target, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for target in rule.get("resourceNames", ["any"])
        for verb in rule["verbs"]
    }


def each(group, resource, target, *verbs):
    return {(group, resource, target, verb) for verb in verbs}


# What the controller does to members.
MEMBERS = (
    each("", "pods", "any", "get", "list", "watch")
    | each("", "pods/exec", "any", "create", "get")
    | each("", "pods/status", "any", "patch")
    | each("", "events", "any", "create")
)
# What it does for names beside that.
NAMES = each("", "services", "any", "list", "watch") | each(
    "discovery.k8s.io", "endpointslices", "any", "list", "watch", "create", "update", "delete"
)
CONFIGURATIONS = {
    right
    for kind in ("mutating", "validating")
    for right in each(
        "admissionregistration.k8s.io", f"{kind}webhookconfigurations", NAME, "get", "list", "watch", "patch"
    )
}
CERTIFICATES_OF_OTHERS = (
    ("--set", "tls.mode=cert-manager"),
    ("--set", "tls.mode=files,tls.files.volume.emptyDir.medium=,tls.files.caBundle=-----BEGIN CERTIFICATE-----"),
)


class Rbac(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manifests = chart.render()

    def test_the_controller_may_do_this_in_the_cluster_and_no_more(self):
        self.assertEqual(
            MEMBERS | each("", "namespaces", "any", "list", "watch") | CONFIGURATIONS,
            rights(self.manifests, "ClusterRole", NAME),
        )

    def test_with_chosen_namespaces_the_controller_may_do_that_in_them_alone(self):
        manifests = chart.parse(chart.template("--set", "watchNamespaces={team-a,kube-system}"))
        roles = {
            (one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]): one
            for one in manifests
            if one["kind"].endswith(("Role", "RoleBinding"))
        }
        chosen = each("", "namespaces", "team-a", "list", "watch") | each("", "namespaces", "kube-system", "list", "watch")
        self.assertEqual(chosen | CONFIGURATIONS, rights_of(roles["ClusterRole", None, NAME]))
        self.assertEqual(chosen, rights_of(roles["ClusterRole", None, WEBHOOK]))
        self.assertEqual(
            {("team-a", f"{NAME}-members"), ("kube-system", f"{NAME}-members"), ("kube-system", NAME), ("kube-system", WEBHOOK)},
            {(namespace, name) for kind, namespace, name in roles if kind == "Role"},
        )
        for namespace in ("team-a", "kube-system"):
            with self.subTest(namespace):
                self.assertEqual(MEMBERS, rights_of(roles["Role", namespace, f"{NAME}-members"]))
                binding = roles["RoleBinding", namespace, f"{NAME}-members"]
                self.assertEqual("Role", binding["roleRef"]["kind"])
                self.assertEqual(f"{NAME}-members", binding["roleRef"]["name"])
                self.assertEqual([{"kind": "ServiceAccount", "name": NAME, "namespace": "kube-system"}], binding["subjects"])

    def test_a_controller_that_publishes_names_may_do_that_where_it_serves_members(self):
        names = "controller.names.enabled=true"
        self.assertEqual(
            MEMBERS | NAMES | each("", "namespaces", "any", "list", "watch") | CONFIGURATIONS,
            rights(chart.render("--set", names), "ClusterRole", NAME),
        )
        chosen = chart.render("--set", "watchNamespaces={team-a}", "--set", names)
        self.assertEqual(MEMBERS | NAMES, rights(chosen, "Role", f"{NAME}-members"))
        self.assertEqual(
            each("", "namespaces", "team-a", "list", "watch") | CONFIGURATIONS, rights(chosen, "ClusterRole", NAME)
        )

    def test_who_keeps_no_certificates_needs_no_right_to_the_webhook_configurations(self):
        for options in CERTIFICATES_OF_OTHERS:
            manifests = chart.render("--set", "watchNamespaces={team-a}", *options)
            self.assertEqual(each("", "namespaces", "team-a", "list", "watch"), rights(manifests, "ClusterRole", NAME))

    def test_the_controller_may_do_this_in_its_namespace_and_no_more(self):
        self.assertEqual(
            each("", "configmaps", NAME, "list", "watch")
            | each("", "configmaps", "any", "create")
            | each("", "secrets", f"{NAME}-ca", "get", "list", "watch", "update")
            | each("", "secrets", f"{NAME}-webhook-tls", "get", "list", "watch", "update")
            | each("", "secrets", "any", "create")
            | each("coordination.k8s.io", "leases", NAME, "get", "patch")
            | each("coordination.k8s.io", "leases", f"{NAME}-networks", "get", "patch")
            | each("coordination.k8s.io", "leases", "any", "create"),
            rights(self.manifests, "Role", NAME),
        )

    def test_the_webhook_may_only_read(self):
        self.assertEqual(
            each("", "namespaces", "any", "list", "watch"), rights(self.manifests, "ClusterRole", WEBHOOK)
        )
        self.assertEqual(
            each("", "configmaps", NAME, "list", "watch")
            | each("coordination.k8s.io", "leases", f"{NAME}-networks", "list", "watch")
            | each("", "secrets", f"{NAME}-webhook-tls", "list", "watch"),
            rights(self.manifests, "Role", WEBHOOK),
        )

    def test_no_right_is_a_wildcard(self):
        roles = [key.split("/") for key in self.manifests if key.startswith(("Role/", "ClusterRole/"))]
        self.assertEqual(4, len(roles))
        for kind, name in roles:
            self.assertNotIn("*", {part for right in rights(self.manifests, kind, name) for part in right})

    def test_each_binding_gives_its_own_account_its_own_role(self):
        for name in (NAME, WEBHOOK):
            account = [{"kind": "ServiceAccount", "name": name, "namespace": "kube-system"}]
            for kind in ("Role", "ClusterRole"):
                with self.subTest(f"{kind} {name}"):
                    binding = self.manifests[f"{kind}Binding/{name}"]
                    self.assertEqual(account, binding["subjects"])
                    self.assertEqual((kind, name), (binding["roleRef"]["kind"], binding["roleRef"]["name"]))
            pod = self.manifests[f"Deployment/{name}"]["spec"]["template"]["spec"]
            self.assertEqual(name, pod["serviceAccountName"])
            self.assertIn(f"ServiceAccount/{name}", self.manifests)


class Documented(unittest.TestCase):
    """docs/security.md says what is rendered, with each choice of the values that matter."""

    CHOSEN = ["team-a", "team-b"]
    TLS = {"self": (), "cert-manager": CERTIFICATES_OF_OTHERS[0], "files": CERTIFICATES_OF_OTHERS[1]}

    def test_the_table_of_rights_is_that_of_the_chart(self):
        rows = self.rows()
        for chosen, (mode, options), names in itertools.product(([], self.CHOSEN), self.TLS.items(), (False, True)):
            with self.subTest(f"{chosen} {mode} {names}"):
                namespaces = ("--set", f"watchNamespaces={{{','.join(chosen)}}}") if chosen else ()
                published = ("--set", "controller.names.enabled=true") if names else ()
                rendered = self.rendered(chart.parse(chart.template(*namespaces, *options, *published)))
                self.assertEqual(set().union(*(self.documented(row, chosen, mode, names) for row in rows)), rendered)

    @staticmethod
    def rows():
        text = (chart.ROOT / "docs" / "security.md").read_text()
        lines = text.split("| who | may |")[1].split("\n\n")[0].splitlines()[2:]
        return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]

    @staticmethod
    def documented(row, chosen, mode, names):
        who, verbs, resources, named, where, condition, _ = row
        conditions = {
            "": True,
            "watchNamespaces": chosen,
            "controller.names.enabled": names,
            **{f"tls.mode: {one}": one == mode for one in Documented.TLS},
        }
        if not conditions[condition]:
            return set()
        places = {"cluster": [None], "release namespace": ["kube-system"], "watched namespaces": chosen or [None]}[where]
        names = {"": ["any"], "the watched ones": chosen or ["any"]}.get(named, named.split(", "))
        account = NAME if who == "controller" else WEBHOOK
        return {
            (account, *rest) for rest in itertools.product(places, resources.split(", "), names, verbs.split(", "))
        }

    @staticmethod
    def rendered(manifests):
        roles = {(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]): one for one in manifests}
        return {
            (binding["subjects"][0]["name"], namespace, *right[1:])
            for (kind, namespace, _), binding in roles.items()
            if kind.endswith("RoleBinding")
            for right in rights_of(roles[binding["roleRef"]["kind"], namespace, binding["roleRef"]["name"]])
        }
