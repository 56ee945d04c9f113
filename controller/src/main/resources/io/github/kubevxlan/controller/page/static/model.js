// What the controller sent, and questions about it. Pure.

export const STATES = ["ready", "waiting", "degraded", "failed"];
const MOST_CHANGES = 500;
/** As long as the controller remembers them. */
const REMEMBERED = 15 * 60 * 1000;

export class Model {
  leader = { leads: true, self: "", holder: "" };
  networks = new Map();
  members = new Map();
  changes = [];
  isKnown = false;
  #ahead = 0;

  /** Takes everything anew; `now` is the time here. */
  snapshot(document, now) {
    this.#ahead = document.now - now;
    this.leader = document.leader;
    this.networks = new Map(document.networks.map((network) => [network.name, network]));
    this.members = new Map(document.members.map((member) => [idOf(member), member]));
    this.changes = document.changes.slice(-MOST_CHANGES);
    this.isKnown = true;
  }

  /** Takes what is new; `now` is the time here. */
  delta(document, now) {
    this.#ahead = document.now - now;
    const { networks, goneNetworks, members, goneMembers } = document.model;
    networks.forEach((network) => this.networks.set(network.name, network));
    goneNetworks.forEach((name) => this.networks.delete(name));
    members.forEach((member) => this.members.set(idOf(member), member));
    goneMembers.forEach((id) => this.members.delete(id));
    this.changes = this.changes.concat(document.changes).slice(-MOST_CHANGES);
  }

  /** Those of some changes that the controller still remembers; `now` is the time here, which may not be the controller's. */
  recent(changes, now) {
    const oldest = now + this.#ahead - REMEMBERED;
    return changes.filter((change) => change.at >= oldest);
  }

  /** Every value that a field of members has, in order. */
  values(field) {
    return [...new Set([...this.members.values()].map((member) => member[field]).filter(Boolean))].sort();
  }

  /** A pod's memberships. */
  pod(uid) {
    return [...this.members.values()].filter((member) => member.uid === uid);
  }
}

export const idOf = (member) => `${member.uid}/${member.network}`;

/** The worst of some states. */
export const worst = (states) => STATES[Math.max(0, ...states.map((state) => STATES.indexOf(state)))];

/** Members by a field's value: how many, how many ready, the worst state. */
export function tally(members, field) {
  const counts = new Map();
  for (const member of members) {
    const one = counts.get(member[field]) ?? { members: 0, ready: 0, state: "ready" };
    one.members++;
    one.ready += member.state === "ready" ? 1 : 0;
    one.state = worst([one.state, member.state]);
    counts.set(member[field], one);
  }
  return counts;
}

/** Members by pod: { uid, namespace, pod, node, state, networks }. */
export function pods(members) {
  const found = new Map();
  for (const member of members) {
    const one = found.get(member.uid);
    if (one) {
      one.networks.push(member.network);
      one.state = worst([one.state, member.state]);
    } else {
      const { uid, namespace, pod, node, state, network } = member;
      found.set(uid, { uid, namespace, pod, node, state, networks: [network] });
    }
  }
  return found;
}
