package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.controller.agent.PathReport.Size;

/** What is said of paths. It names nodes and never another's pod. */
final class PathText {
    private PathText() {}

    /** A path that does not carry the full size. */
    static String broken(Path path, Size size) {
        String network = "network " + path.network() + ": ";
        if (size.isNothing()) {
            return network + "no packet passes to " + where(path)
                    + " and back: look for what drops the network's UDP port between the nodes";
        }
        return network + "path MTU to " + where(path) + " is " + size.passes() + ", interface has " + size.wanted()
                + ": set mtu=" + size.passes() + " or mend the underlay";
    }

    /** A path that carries it again. */
    static String mended(Path path) {
        return "network " + path.network() + ": packets of the full size pass to " + where(path) + " again";
    }

    private static String where(Path path) {
        return path.from().equals(path.to()) ? "its own node " + path.to() : path.to();
    }
}
