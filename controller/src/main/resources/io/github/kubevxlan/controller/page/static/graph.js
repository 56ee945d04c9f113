// The graph: networks, pods and nodes on a canvas. Networks come first; their pods are drawn where they are open.
import cytoscape from "./cytoscape.js";
import { look } from "./look.js";
import { tally } from "./model.js";
import { Places, positions } from "./layout.js";

/** With so few pods every network is open unless somebody closed it. */
export const FEW = 150;
const MOST_NODE_EDGES = 200;
const MOST_FITTED = 1.15;
/** From the middle of what stands outermost to the rim. */
const RIM = 64;

export class Graph {
  #places = new Places();
  #isMoved = false;
  #shape = "";
  #extent = extent([]);
  #marked;

  /** `actions.select(what)` and `actions.toggle(network)` are called when somebody points at something. */
  constructor(container, actions) {
    this.container = container;
    this.actions = actions;
    this.cy = cytoscape({
      container,
      layout: { name: "preset" },
      minZoom: 0.04,
      maxZoom: 2.5,
      autoungrabify: true,
      boxSelectionEnabled: false,
      textureOnViewport: false,
      hideEdgesOnViewport: true,
      pixelRatio: Math.min(2, window.devicePixelRatio),
    });
    this.#marked = this.cy.collection();
    this.cy.on("tap", "node", ({ target }) => this.#point(target));
    this.cy.on("dbltap", "node[kind = 'network']", ({ target }) => actions.toggle(target.data("name")));
    this.cy.on("tap", ({ target }) => target === this.cy && actions.select(""));
    container.addEventListener("wheel", () => (this.#isMoved = true), { passive: true });
    container.addEventListener("pointerdown", () => (this.#isMoved = true));
    container.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#resized()).observe(container);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
    this.#paint();
  }

  /** Shows networks, and the pods of the open ones. */
  show({ networks, members, pods, open, selected }) {
    const drawn = [...pods.values()].filter((pod) => pod.networks.some((name) => open.has(name)));
    const nodes = [...new Set(members.map((member) => member.node).filter(Boolean))].sort();
    const aspect = Math.max(0.4, this.cy.width() / Math.max(1, this.cy.height()));
    const names = networks.map((network) => network.name);
    const where = positions({ networks: names, open, pods: drawn, nodes, aspect }, this.#places);
    this.#extent = extent([...where.values()]);
    const wanted = new Map();
    const add = (data) => wanted.set(data.id, { data, position: where.get(data.id) });
    this.#addNetworks(add, networks, members, open);
    nodes.forEach((name) => add({ id: `h:${name}`, kind: "node", name, label: name }));
    drawn.forEach((pod) => this.#addPod(add, pod, open, drawn.length));
    this.#addCounts(add, members, pods, open);
    this.#sync(wanted);
    this.#mark(selected);
    this.#fitIfNew(`${names} | ${[...open]}`);
  }

  #addNetworks(add, networks, members, open) {
    const counts = tally(members, "network");
    for (const network of networks) {
      const { members: all = 0, ready = 0, state = "ready" } = counts.get(network.name) ?? {};
      const vni = network.vni ? `VNI ${network.vni}` : "not usable";
      add({
        id: `n:${network.name}`,
        kind: "network",
        name: network.name,
        state: network.problem ? "failed" : state,
        size: Math.round(92 + Math.min(64, Math.sqrt(all) * 3)),
        label: `${network.name}\n${vni}\n${ready}/${all} ready`,
      });
    }
  }

  #addPod(add, pod, open, drawn) {
    const id = `p:${pod.uid}`;
    add({ id, kind: "pod", name: pod.uid, state: pod.state, label: pod.pod });
    pod.networks.forEach((name) =>
      add({ id: `e:${pod.uid}/${name}`, kind: "membership", source: id, target: `n:${name}`, state: pod.state }));
    if (pod.node && drawn <= MOST_NODE_EDGES) {
      add({ id: `r:${pod.uid}`, kind: "runs", source: id, target: `h:${pod.node}` });
    }
  }

  /** Between a closed network and what it has in common with others: how many members. */
  #addCounts(add, members, pods, open) {
    const counts = new Map();
    const one = (source, target) => {
      const id = `c:${source}/${target}`;
      const known = counts.get(id) ?? { id, kind: "count", source, target, width: 0 };
      counts.set(id, { ...known, width: known.width + 1 });
    };
    members.filter((member) => member.node && member.network && !open.has(member.network))
      .forEach((member) => one(`n:${member.network}`, `h:${member.node}`));
    for (const pod of pods.values()) {
      const closed = pod.networks.filter((name) => !open.has(name)).toSorted();
      closed.slice(1).forEach((name) => one(`n:${closed[0]}`, `n:${name}`));
    }
    counts.forEach((edge) => add({ ...edge, width: 1 + Math.min(7, Math.sqrt(edge.width) / 2), label: String(edge.width) }));
  }

  #sync(wanted) {
    const cy = this.cy;
    cy.batch(() => {
      cy.elements().filter((one) => !wanted.has(one.id())).remove();
      const added = [];
      for (const { data, position } of wanted.values()) {
        const known = cy.getElementById(data.id);
        if (known.empty()) {
          added.push({ group: data.source ? "edges" : "nodes", data, ...(position && { position: { ...position } }) });
          continue;
        }
        if (known.data("state") !== data.state || known.data("label") !== data.label || known.data("size") !== data.size) {
          known.data(data);
        }
        if (position && (known.position("x") !== position.x || known.position("y") !== position.y)) {
          known.position(position);
        }
      }
      const isComplete = ({ data }) => !data.source || (wanted.has(data.source) && wanted.has(data.target));
      cy.add(added.filter(isComplete).sort((a, b) => (a.group === b.group ? 0 : a.group === "nodes" ? -1 : 1)));
    });
  }

  /** What is selected, and all that it is joined to, stands out. */
  #mark(selected) {
    const [kind, ...rest] = selected.split(":");
    const id = { network: "n:", pod: "p:", node: "h:" }[kind] + rest.join(":");
    const chosen = this.cy.getElementById(id);
    const edges = chosen.connectedEdges();
    const near = edges.length <= MOST_NODE_EDGES ? edges : this.cy.collection();
    this.cy.batch(() => {
      this.#marked.not(chosen).not(near).removeClass("chosen near");
      chosen.addClass("chosen");
      near.addClass("near");
    });
    this.#marked = chosen.union(near);
  }

  #point(target) {
    this.container.focus({ preventScroll: true });
    const kind = target.data("kind");
    this.actions.select(`${kind}:${target.data("name")}`);
  }

  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const chosen = this.cy.nodes(".chosen");
    if (moves[event.key]) {
      this.#move(chosen, ...moves[event.key]);
    } else if (event.key === "Enter" && chosen.nonempty()) {
      chosen.data("kind") === "network" ? this.actions.toggle(chosen.data("name")) : this.actions.describe();
    } else if (event.key === "+" || event.key === "-") {
      this.zoom(event.key === "+" ? 1.3 : 1 / 1.3);
    } else if (event.key === "0") {
      this.fit();
    } else if (event.key === "Escape") {
      this.actions.select("");
    } else {
      return;
    }
    event.preventDefault();
  }

  /** To the nearest one in that direction. */
  #move(chosen, dx, dy) {
    const nodes = this.cy.nodes();
    if (nodes.empty()) {
      return;
    }
    if (chosen.empty()) {
      this.#point(nodes[0]);
      return;
    }
    const from = chosen.position();
    const distance = (node) => {
      const { x, y } = node.position();
      const along = (x - from.x) * dx + (y - from.y) * dy;
      const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
      return along <= 1 ? Infinity : along + 2.5 * aside;
    };
    const next = nodes.toArray().reduce((best, node) => (distance(node) < distance(best) ? node : best), chosen[0]);
    if (next !== chosen[0] && distance(next) < Infinity) {
      this.#point(next);
      this.#reveal(next);
    }
  }

  #reveal(node) {
    const { x, y } = node.renderedPosition();
    if (x < 30 || y < 30 || x > this.cy.width() - 30 || y > this.cy.height() - 30) {
      this.cy.center(node);
    }
  }

  zoom(factor) {
    this.#isMoved = true;
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  fit() {
    this.#isMoved = false;
    const { left, right, top, bottom } = this.#extent;
    const [width, height] = [this.cy.width(), this.cy.height()];
    const zoom = Math.min(MOST_FITTED, width / (right - left), height / (bottom - top));
    this.cy.viewport({ zoom, pan: { x: width / 2 - (zoom * (left + right)) / 2, y: height / 2 - (zoom * (top + bottom)) / 2 } });
  }

  #fitIfNew(shape) {
    if (shape !== this.#shape || !this.#isMoved) {
      this.#shape = shape;
      this.fit();
    }
  }

  #resized() {
    this.cy.resize();
    if (!this.#isMoved) {
      this.fit();
    }
  }

  #paint() {
    this.cy.style(look());
  }
}

/** All that is taken by things at these positions. To ask Cytoscape, it would have to measure every label. */
function extent(positions) {
  const [xs, ys] = [positions.map(({ x }) => x), positions.map(({ y }) => y)];
  return positions.length === 0 ? { left: -RIM, right: RIM, top: -RIM, bottom: RIM } : {
    left: Math.min(...xs) - RIM,
    right: Math.max(...xs) + RIM,
    top: Math.min(...ys) - RIM,
    bottom: Math.max(...ys) + RIM,
  };
}
