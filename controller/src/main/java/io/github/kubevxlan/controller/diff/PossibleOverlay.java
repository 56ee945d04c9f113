package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a desired overlay that a pod can have now, given its agent's report.
 *
 * <p>A link that is not there may be impossible to make; a link that is there may be impossible to change. The first is
 * missing then. The second stays, without the change, and its entries follow its peers like those of any other link. A link
 * that has to be made anew, as in another segment, takes over the underlay device and the MTU that can't be changed: those
 * of the link in the report, so if that is deleted and the new one not made, nothing is known of them any more.
 *
 * <p>A wanted link is matched with the VXLAN device of its name and segment or, where there is none, with a link of
 * ours in its segment, which is renamed. A device of the right name and segment without our mark is adopted: the older
 * controller set none. Any other device of that name is foreign and stays.
 *
 * @param links what the pod can have, in the order wanted
 * @param retained names of links of ours that stay, since what is to take their place can't be made, in segments that
 *     no other link is to have
 * @param problems why the pod can't have the rest
 */
record PossibleOverlay(List<PossibleLink> links, Set<String> retained, List<NetworkProblem> problems) {
    /** Works it out; {@code prefix} is the key prefix, our mark's first part. */
    static PossibleOverlay of(String prefix, DesiredPod want, ObservedPod seen) {
        return new Search(prefix, want, seen).overlay();
    }

    /** The overlay that the pod can have. */
    DesiredPod held(DesiredPod want) {
        return new DesiredPod(links.stream().map(PossibleLink::link).toList(), want.retained(), want.missing());
    }

    private static final class Search {
        private final DesiredPod want;
        private final ObservedPod seen;
        private final LinkFit.Survey survey;
        private final List<PossibleLink> links = new ArrayList<>();
        private final Set<String> retained = new HashSet<>();
        private final List<NetworkProblem> problems = new ArrayList<>();

        Search(String prefix, DesiredPod want, ObservedPod seen) {
            this.want = want;
            this.seen = seen;
            this.survey = new LinkFit.Survey(prefix, seen, new Underlay(want, seen));
        }

        PossibleOverlay overlay() {
            Map<IfName, String> hindrances = hindrances();
            List<DesiredLink> possible = want.links().stream()
                    .filter(wanted -> !hindrances.containsKey(wanted.name()))
                    .toList();
            for (DesiredLink wanted : want.links()) {
                String hindrance = hindrances.get(wanted.name());
                if (hindrance == null) {
                    fit(wanted);
                } else {
                    Optional<ObservedLink> left = previous(wanted)
                            .filter(link -> possible.stream()
                                    .noneMatch(other -> isInSegment(link, other)
                                            || other.name().value().equals(link.name())));
                    left.ifPresent(link -> retained.add(link.name()));
                    String network = wanted.network().name();
                    problems.add(new NetworkProblem(
                            network,
                            "network " + network + ": " + hindrance,
                            left.isPresent() ? Effect.NOT_APPLIED : Effect.ABSENT));
                }
            }
            return new PossibleOverlay(withoutCoveredPeers(), retained, problems);
        }

        /** Why links can't be made, by their names. */
        private Map<IfName, String> hindrances() {
            Map<IfName, String> hindrances = new HashMap<>();
            for (DesiredLink wanted : want.links()) {
                if (reusable(wanted).isEmpty()) {
                    hindrance(wanted).ifPresent(reason -> hindrances.put(wanted.name(), reason));
                }
            }
            return hindrances;
        }

        private void fit(DesiredLink wanted) {
            Optional<ObservedLink> named = named(wanted);
            Optional<ObservedLink> there = reusable(wanted);
            boolean taken = named.isPresent() && !there.equals(named) && !isOurs(named.get());
            LinkFit fit = new LinkFit(wanted, there, there.or(() -> previous(wanted)), taken, survey);
            links.add(fit.link());
            problems.addAll(fit.problems());
        }

        /** No link has entries for a VTEP that an address covers: its packets would go into the overlay. */
        private List<PossibleLink> withoutCoveredPeers() {
            Set<IpAddr> covered =
                    Underlay.covered(links.stream().map(PossibleLink::link).toList());
            return covered.isEmpty()
                    ? links
                    : links.stream().map(link -> link.withoutPeers(covered)).toList();
        }

        private Optional<ObservedLink> named(DesiredLink wanted) {
            return seen.link(wanted.name().value());
        }

        /**
         * The device that is to become the link. The controller recreates one of ours with other checksums than wanted,
         * if it can; one that is not ours is adopted first.
         */
        private Optional<ObservedLink> reusable(DesiredLink wanted) {
            return named(wanted)
                    .filter(link -> isInSegment(link, wanted))
                    .or(() -> sibling(wanted).filter(link -> isOurs(link) && !isWanted(link.name())))
                    .filter(link -> !isOurs(link)
                            || link.vxlan()
                                    .filter(vxlan -> LinkDiff.hasChecksumOf(vxlan, wanted))
                                    .isPresent()
                            || hindrance(wanted).isPresent());
        }

        /** The link that the network has or had, whose place a new one takes. */
        private Optional<ObservedLink> previous(DesiredLink wanted) {
            return seen.links().stream()
                    .filter(link -> isOurs(link)
                            && OwnershipMarkers.network(link.alias(), survey.prefix())
                                    .equals(wanted.network().name()))
                    .findFirst();
        }

        /** Why the link can't be made, not even on the underlay device and with the MTU of the one whose place it takes. */
        private Optional<String> hindrance(DesiredLink wanted) {
            Optional<ObservedLink> previous = previous(wanted);
            Optional<ObservedLink> dev = LinkFit.dev(wanted, previous, seen).flatMap(name -> seen.link(name.value()));
            if (dev.isEmpty()) {
                return Optional.of(
                        "there is no underlay device " + wanted.network().dev());
            }
            int most = LinkFit.most(wanted, dev.get());
            if (!LinkFit.fits(wanted.network().mtu(), most)
                    && LinkFit.mtuThatStays(previous, most).isEmpty()) {
                return Optional.of(LinkFit.tooLarge(wanted, dev.get().name(), most));
            }
            return named(wanted)
                    .filter(device -> !isOurs(device))
                    .map(device -> "a device " + device.name() + " already exists and is not the controller's")
                    .or(() -> sibling(wanted)
                            .filter(device -> !isOurs(device))
                            .map(device -> "device " + device.name() + " has VNI "
                                    + wanted.network().vni() + " already and is not the controller's"));
        }

        private Optional<ObservedLink> sibling(DesiredLink wanted) {
            return seen.links().stream()
                    .filter(link -> !link.name().equals(wanted.name().value()) && isInSegment(link, wanted))
                    .findFirst();
        }

        private static boolean isInSegment(ObservedLink link, DesiredLink wanted) {
            return link.vxlan()
                    .filter(vxlan -> LinkDiff.isSameSegment(vxlan, wanted))
                    .isPresent();
        }

        private boolean isWanted(String name) {
            return want.links().stream().anyMatch(link -> link.name().value().equals(name));
        }

        private boolean isOurs(ObservedLink link) {
            return survey.isOurs(link);
        }
    }
}
