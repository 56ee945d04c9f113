// What is known of the one that was selected.
import { badge, count, element } from "./dom.js";
import { tally } from "./model.js";
import { podDetails } from "./stream.js";
import { sentence, time } from "./changes.js";

const facts = (...pairs) =>
  element("dl", {}, ...pairs.filter(([, value]) => value !== "").flatMap(([title, value]) =>
    [element("dt", {}, title), element("dd", {}, value)]));

const hint = "Select a network, a pod or a node, in the graph or in a table.";

/** Shows the one that `select` names; asks for a pod's Events when it is first shown, or it may have others. */
export class Details {
  #asked = "";
  #news = 0;
  #said = [];
  #shown = "";

  constructor(box, actions) {
    this.box = box;
    this.actions = actions;
  }

  /** The pods with these UIDs, or all, may have Events that were not asked for. */
  news(uids) {
    if (uids === undefined || uids.some((uid) => this.#asked.startsWith(`${uid} `))) {
      this.#news++;
    }
  }

  show(model, view) {
    const [kind, ...rest] = view.select.split(":");
    const name = rest.join(":");
    if (kind === "pod") {
      this.#ask(model, view, name);
    }
    const content = kind === "pod" ? this.#pod(model, name, model.recent(this.#said, Date.now()))
      : kind === "network" ? this.#network(model, view, name)
      : kind === "node" ? this.#node(model, name)
      : [element("p", { class: "help" }, hint)];
    const signature = view.select + content.map((one) => one.textContent).join("\n");
    if (signature !== this.#shown) {
      this.#shown = signature;
      this.box.replaceChildren(...content);
    }
  }

  #ask(model, view, uid) {
    const last = model.changes.findLast((change) => change.uid === uid)?.number ?? 0;
    const question = `${uid} ${last} ${this.#news}`;
    if (question === this.#asked) {
      return;
    }
    if (!this.#asked.startsWith(`${uid} `)) {
      this.#said = [];
    }
    this.#asked = question;
    podDetails(uid).then(({ changes }) => {
      if (this.#asked === question) {
        this.#said = changes;
        this.show(model, view);
      }
    });
  }

  #pod(model, uid, recent) {
    const memberships = model.pod(uid);
    const said = recent.toReversed();
    const list = said.length === 0 ? element("p", { class: "help" }, "Nothing in the last 15 minutes.")
      : element("ol", { class: "said" }, ...said.map((one) => element("li", {},
          element("time", { datetime: new Date(one.at).toISOString() }, time(one.at)), ` ${one.kind === "event" ? one.text : sentence(one)}`)));
    if (memberships.length === 0) {
      return [element("p", {}, "This pod is no member any more."), list];
    }
    const [{ namespace, pod, node, underlay }] = memberships;
    return [
      element("h3", {}, `${namespace}/${pod}`),
      facts(["Node", node || "not scheduled"], ["Underlay", underlay.join(" ")]),
      ...memberships.flatMap((one) => [
        element("h4", {}, one.network || "its declaration", " ", badge(one.state)),
        facts(["Interface", one.interfaceName], ["Addresses", one.addresses.join(" ")], ["MAC", one.mac],
          ["Reason", one.reason]),
      ]),
      element("h4", {}, "What the controller said"),
      list,
    ];
  }

  #network(model, view, name) {
    const network = model.networks.get(name);
    if (!network) {
      return [element("p", {}, "There is no such network any more.")];
    }
    const members = [...model.members.values()].filter((member) => member.network === name);
    const button = (text, onclick) => element("button", { type: "button", onclick }, text);
    return [
      element("h3", {}, name),
      facts(["VNI", network.vni ? String(network.vni) : ""], ["UDP port", network.port ? String(network.port) : ""],
        ["Underlay", network.family || "each pod's primary family"],
        ["Members", `${network.members}, ${network.ready} of them ready`],
        ["Nodes", [...tally(members, "node").keys()].filter(Boolean).sort().join(" ")], ["Problem", network.problem]),
      element("p", { class: "tools" },
        button(view.network === name ? "Show all networks" : "Show it alone", () => this.actions.alone(name)),
        button("Open or close it in the graph", () => this.actions.toggle(name))),
    ];
  }

  #node(model, name) {
    const members = [...model.members.values()].filter((member) => member.node === name);
    const rows = [...tally(members, "network")].map(([network, one]) =>
      [network, `${count(one.members, "member")}, ${one.ready} ready`]);
    return [element("h3", {}, name), facts(...rows)];
  }
}
