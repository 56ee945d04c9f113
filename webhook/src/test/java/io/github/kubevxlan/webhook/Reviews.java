package io.github.kubevxlan.webhook;

/** Requests as the API server sends them. */
final class Reviews {
    static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";
    static final String POD = "{'apiVersion':'v1','kind':'Pod','metadata':{'generateName':'a-','namespace':'forged',"
            + "'labels':{'vxlan.travelping.com':'true'},'annotations':{'vxlan.travelping.com/names':'vxeth0'}},"
            + "'spec':{'containers':[{'name':'app','image':'app'}],'fieldOfTheFuture':{'a':[1,null]}}}";

    private Reviews() {}

    /** The review of an edit of the network definitions, proper JSON. */
    static String edit(String before, String after) {
        return Json.print(Json.parse("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{"
                + "'uid':'" + UID + "','resource':{'group':'','version':'v1','resource':'configmaps'},"
                + "'namespace':'kube-system','operation':'UPDATE',"
                + "'object':{'metadata':{'name':'kube-vxlan-controller'},'data':" + after + "},"
                + "'oldObject':{'metadata':{'name':'kube-vxlan-controller'},'data':" + before + "}}}"));
    }

    /** The review of the deletion of a ConfigMap, proper JSON. */
    static String delete(String name, String annotations) {
        return Json.print(Json.parse("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{"
                + "'uid':'" + UID + "','resource':{'group':'','version':'v1','resource':'configmaps'},"
                + "'namespace':'kube-system','operation':'DELETE','object':null,"
                + "'oldObject':{'metadata':{'name':'" + name + "','annotations':" + annotations + "}}}}"));
    }

    /** The review of a pod's creation, proper JSON. */
    static String create(String namespace, String pod) {
        return Json.print(Json.parse("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{"
                + "'uid':'" + UID + "','kind':{'group':'','version':'v1','kind':'Pod'},"
                + "'resource':{'group':'','version':'v1','resource':'pods'},'namespace':'" + namespace + "',"
                + "'operation':'CREATE','userInfo':{'username':'admin'},'object':" + pod + ",'oldObject':null,"
                + "'dryRun':false,'options':{'apiVersion':'meta.k8s.io/v1','kind':'CreateOptions'}}}"));
    }
}
