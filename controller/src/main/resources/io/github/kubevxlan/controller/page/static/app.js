// Wires the page: what the controller sends and what the address says become what is shown.
import { Announcer, ChangeList } from "./changes.js";
import { Details } from "./details.js";
import { badge, byId, count, element, SHAPES } from "./dom.js";
import { FIELDS, isFiltered, matching, matchingChanges, read, write } from "./filters.js";
import { FEW, Graph } from "./graph.js";
import { Model, pods, STATES, tally } from "./model.js";
import { follow } from "./stream.js";
import { fill, link, MemberTable } from "./table.js";

const model = new Model();
let view = read(location.search);
let opened = new Set();
let isScheduled = false;
let due = 0;
let waiting;

/** Rows of tables cost the browser more than the graph does, and it stops a page that sets its address in every frame. */
const PAUSE_MS = 250;
/** How often changes that are too old go, where nothing else happens. */
const AGING_MS = 10_000;

const form = byId("filters");
const graph = new Graph(byId("graph"), { select, toggle, describe: () => byId("details-title").focus() });
const table = new MemberTable(byId("member-table"), byId("more"), select, sort);
const details = new Details(byId("details"), { alone: (name) => change({ network: view.network === name ? "" : name }), toggle });
const changes = new ChangeList(byId("changes"), select);
const announcer = new Announcer(byId("announcement"));

/** Shows something else, which the address says then too. */
function change(what) {
  view = { ...view, ...what };
  schedule();
}

function select(what) {
  change({ select: what });
}

function sort(key) {
  change({ sort: view.sort === key ? `-${key}` : view.sort === `-${key}` ? "" : key });
}

/** Opens networks that are closed, closes those that are open. */
function toggle(...networks) {
  const [open, closed] = [new Set(view.open), new Set(view.closed)];
  for (const network of networks) {
    const [from, to] = opened.has(network) ? [open, closed] : [closed, open];
    from.delete(network);
    to.add(network);
  }
  change({ open, closed });
}

/** Those that were opened and, where there are few pods, those that were not closed. */
function openNetworks(networks, isFew) {
  return new Set(networks.map(({ name }) => name).filter((name) => view.open.has(name) || (isFew && !view.closed.has(name))));
}

/** Once for all that happens until the next frame. */
function schedule() {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      render();
    });
  }
}

function render() {
  const members = matching(model.members.values(), view);
  const found = pods(members);
  const counts = tally(members, "network");
  const networks = [...model.networks.values()].filter((network) => counts.has(network.name) || !isFiltered(view));
  opened = openNetworks(networks, found.size <= FEW);
  showSummary();
  showFilters();
  graph.show({ networks, members, pods: found, open: opened, selected: view.select });
  showTools(networks);
  byId("count").textContent = isFiltered(view)
    ? `${count(members.length, "member")} of ${model.members.size.toLocaleString("en")}` : count(members.length, "member");
  soon(() => {
    history.replaceState(null, "", location.pathname + write(view));
    showTables(networks, members);
    details.show(model, view);
    changes.show(matchingChanges(model.recent(model.changes, Date.now()), view));
  });
}

/** Does it now, or once the last time is long enough ago and nothing newer came. */
function soon(action) {
  clearTimeout(waiting);
  const act = () => {
    action();
    due = performance.now() + PAUSE_MS;
  };
  const left = due - performance.now();
  left <= 0 ? act() : (waiting = setTimeout(act, left));
}

function showTools(networks) {
  const isAllOpen = networks.length > 0 && opened.size === networks.length;
  byId("toggle-all").textContent = isAllOpen ? "Close all" : "Open all";
  byId("toggle-all").onclick = () =>
    toggle(...networks.map(({ name }) => name).filter((name) => opened.has(name) === isAllOpen));
}

function showSummary() {
  const counts = tally(model.members.values(), "state");
  const buttons = STATES.map((state) => element("button", {
    type: "button",
    class: `tile ${state}`,
    "aria-pressed": String(view.state === state),
    onclick: () => change({ state: view.state === state ? "" : state }),
  }, element("span", { "aria-hidden": "true" }, SHAPES[state]), ` ${counts.get(state)?.members ?? 0} ${state}`));
  const signature = buttons.map((button) => button.textContent + button.getAttribute("aria-pressed")).join();
  const box = byId("summary");
  if (box.signature !== signature) {
    const focused = [...box.children].indexOf(document.activeElement);
    box.signature = signature;
    box.replaceChildren(...buttons);
    box.children[focused]?.focus();
  }
}

function showFilters() {
  const values = {
    network: [...model.networks.keys()].sort(),
    namespace: model.values("namespace"),
    node: model.values("node"),
    state: STATES,
  };
  for (const field of FIELDS) {
    const chosen = view[field];
    const wanted = values[field].includes(chosen) || !chosen ? values[field] : [...values[field], chosen];
    const box = form.elements[field];
    if (box.signature !== JSON.stringify(wanted)) {
      box.signature = JSON.stringify(wanted);
      box.replaceChildren(element("option", { value: "" }, "all"),
        ...wanted.map((value) => element("option", { value }, value)));
    }
    box.value = chosen;
  }
  if (form.elements.q.value !== view.q) {
    form.elements.q.value = view.q;
  }
}

function showTables(networks, members) {
  table.show(members, view.sort, view.select);
  fill(byId("network-table"), ["Network", "VNI", "UDP port", "Underlay", "Members", "Ready", "Problem"],
    networks.map((one) => [link(one.name, () => select(`network:${one.name}`)), String(one.vni || "–"), String(one.port || "–"),
      one.family || "primary", String(one.members), String(one.ready), one.problem]));
  fill(byId("node-table"), ["Node", "Members", "Ready", "State"],
    [...tally(members, "node")].filter(([name]) => name).sort().map(([name, one]) =>
      [link(name, () => select(`node:${name}`)), String(one.members), String(one.ready), badge(one.state)]));
}

function showLeader() {
  const { leads, self, holder } = model.leader;
  byId("source").textContent = self ? `Shown by ${self}. It changes nothing.` : "";
  byId("banner").hidden = leads;
  byId("banner").textContent = leads ? ""
    : `This controller waits and has nothing to show: ${holder ? `${holder} leads` : "no controller leads yet"}.`
      + " vxlan ui finds the one that leads.";
}

form.addEventListener("input", () => {
  change(Object.fromEntries([...FIELDS, "q"].map((field) => [field, form.elements[field].value])));
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  change({ network: "", namespace: "", node: "", state: "", q: "" });
});
addEventListener("popstate", () => {
  view = read(location.search);
  schedule();
});
byId("fit").addEventListener("click", () => graph.fit());
byId("zoom-in").addEventListener("click", () => graph.zoom(1.3));
byId("zoom-out").addEventListener("click", () => graph.zoom(1 / 1.3));
byId("legend").append(
  ...STATES.map((state) => element("li", {}, badge(state))),
  element("li", {}, element("span", { class: "key network", "aria-hidden": "true" }), " network"),
  element("li", {}, element("span", { class: "key node", "aria-hidden": "true" }), " node"));

setInterval(schedule, AGING_MS);

follow({
  snapshot: (document) => {
    model.snapshot(document, Date.now());
    details.news();
    showLeader();
    schedule();
  },
  delta: (document) => {
    model.delta(document, Date.now());
    details.news(document.podsWithEvents);
    announcer.say(document.changes);
    schedule();
  },
  connection: (state, text) => {
    const status = byId("connection");
    if (status.textContent !== text) {
      status.dataset.state = state;
      status.textContent = text;
    }
  },
});
