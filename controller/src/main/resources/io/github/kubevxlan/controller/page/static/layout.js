// Where the graph's parts stand. A pod keeps its place while others come and go. Pure but for the places it remembers.

const INNER = 112;
const RING = 64;
const NODE_DROP = 112;
const RING_PLACES = 8;
const MARGIN = 46;
const CLOSED = 84;
const GAP = 44;
const NODE_GAP = 140;
const BAND_GAP = 110;
/** About what pods of several networks and nodes take below. */
const BELOW = 220;
const FIRST_RING = [0, 4, 2, 6, 1, 5, 3, 7];

/** The places of pods around their networks. */
export class Places {
  #byNetwork = new Map();

  /** Gives each of these pods a place around a network, counted from the middle; takes back those of others. */
  assign(network, uids) {
    const known = this.#byNetwork.get(network) ?? new Map();
    const wanted = new Set(uids);
    [...known.keys()].filter((uid) => !wanted.has(uid)).forEach((uid) => known.delete(uid));
    const taken = new Set(known.values());
    let next = 0;
    for (const uid of uids) {
      if (!known.has(uid)) {
        while (taken.has(next)) {
          next++;
        }
        known.set(uid, next);
        taken.add(next);
      }
    }
    this.#byNetwork.set(network, known);
    return known;
  }
}

/** A place around the middle: rings of 8, 16, 24 ... places. */
export function place(index) {
  let ring = 0;
  let first = 0;
  while (index >= first + RING_PLACES * (ring + 1)) {
    first += RING_PLACES * (ring + 1);
    ring++;
  }
  const places = RING_PLACES * (ring + 1);
  const step = ring === 0 ? FIRST_RING[index - first] : spread(index - first, places);
  const angle = (2 * Math.PI * (step + (ring % 2) / 2)) / places - Math.PI / 2;
  const radius = INNER + RING * ring;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), radius };
}

/** The steps of a ring in an order that fills it evenly: places are a multiple of 8, so that 5 steps miss none. */
function spread(index, places) {
  const stride = places % 5 === 0 ? 7 : 5;
  return places % stride === 0 ? index : (index * stride) % places;
}

/** The middle of each network: rows of circles, [{ name, radius }] in order, so that all fits best into that aspect. */
export function middles(circles, aspect) {
  const widths = circles.map(({ radius }) => 2 * radius + GAP);
  let row = 0;
  let best = { size: Infinity, found: new Map() };
  for (const width of widths) {
    row += width;
    const { found, right, bottom } = rows(circles, Math.max(row, ...widths));
    const size = Math.max(right / aspect, bottom + BELOW);
    best = size < best.size ? { size, found } : best;
  }
  return best.found;
}

/** Circles in rows of at most that width, the middles of a row on one line, the rows about one axis. */
function rows(circles, width) {
  const lines = [];
  for (const circle of circles) {
    const size = 2 * circle.radius + GAP;
    if (lines.length === 0 || lines.at(-1).width + size > width + 1) {
      lines.push({ width: 0, height: 0, circles: [] });
    }
    const line = lines.at(-1);
    line.circles.push({ ...circle, x: line.width + size / 2 });
    line.width += size;
    line.height = Math.max(line.height, size);
  }
  const right = Math.max(0, ...lines.map((line) => line.width));
  const found = new Map();
  let bottom = 0;
  for (const line of lines) {
    const shift = (right - line.width) / 2;
    line.circles.forEach(({ name, radius, x }) => found.set(name, { x: x + shift, y: bottom + line.height / 2, radius }));
    bottom += line.height;
  }
  return { found, right, bottom };
}

/** How far the outermost of so many pods is from the middle of its network. */
export function radius(highest) {
  return highest < 0 ? CLOSED : place(highest).radius + MARGIN;
}

/** Positions by id of networks (n:), pods (p:) and nodes (h:). Pods of several open networks stand between them. */
export function positions({ networks, open, pods, nodes, aspect }, places) {
  const single = new Map(networks.map((name) => [name, []]));
  const several = [];
  for (const pod of pods) {
    const in_ = pod.networks.filter((name) => open.has(name));
    (in_.length === 1 ? single.get(in_[0]) : several)?.push(pod);
  }
  const assigned = new Map(networks.map((name) => [name, places.assign(name, uids(single.get(name)))]));
  const circles = networks.map((name) => ({ name, radius: radius(Math.max(-1, ...assigned.get(name).values())) }));
  const centres = middles(circles, aspect);
  const found = new Map();
  centres.forEach(({ x, y }, name) => found.set(`n:${name}`, { x, y }));
  assigned.forEach((slots, name) => {
    const centre = centres.get(name);
    slots.forEach((slot, uid) => {
      const { x, y } = place(slot);
      found.set(`p:${uid}`, { x: centre.x + x, y: centre.y + y });
    });
  });
  between(several, open, centres).forEach((position, id) => found.set(id, position));
  row(nodes, found);
  return found;
}

const uids = (pods) =>
  pods.toSorted((one, other) => compare(one.node, other.node) || compare(one.pod, other.pod)).map((pod) => pod.uid);

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** Pods of the same two networks stand side by side between these; those of more, or with another between, below all. */
function between(pods, open, centres) {
  const groups = Map.groupBy(pods, (pod) => pod.networks.filter((name) => open.has(name)).toSorted().join("\n"));
  const found = new Map();
  const below = [];
  groups.forEach((group, key) => {
    const ends = key.split("\n").map((name) => centres.get(name)).filter(Boolean);
    const sorted = group.toSorted((one, other) => compare(one.pod, other.pod));
    const gap = ends.length === 2 ? middle(...ends) : undefined;
    if (gap && ![...centres.values()].some(({ x, y, radius }) => Math.hypot(gap.x - x, gap.y - y) < radius)) {
      sorted.forEach((pod, index) => {
        const offset = (index - (sorted.length - 1) / 2) * RING;
        found.set(`p:${pod.uid}`, { x: gap.x + gap.across.x * offset, y: gap.y + gap.across.y * offset });
      });
    } else if (ends.length > 0) {
      below.push(...sorted.map((pod) => ({ pod, x: ends.reduce((sum, end) => sum + end.x, 0) / ends.length })));
    }
  });
  band(below, centres, found);
  return found;
}

/** Halfway between the rims of two networks, and the direction across. */
function middle(first, last) {
  const length = Math.hypot(last.x - first.x, last.y - first.y) || 1;
  const share = (first.radius + (length - first.radius - last.radius) / 2) / length;
  return {
    x: first.x + (last.x - first.x) * share,
    y: first.y + (last.y - first.y) * share,
    across: { x: -(last.y - first.y) / length, y: (last.x - first.x) / length },
  };
}

/** Below all networks, each as near as can be to the middle of its own. */
function band(below, centres, found) {
  const bottom = Math.max(0, ...[...centres.values()].map(({ y, radius }) => y + radius));
  let free = -Infinity;
  below.toSorted((one, other) => one.x - other.x).forEach(({ pod, x }, _, all) => {
    const wanted = x - ((all.filter((other) => other.x === x).length - 1) * BAND_GAP) / 2;
    const at = Math.max(wanted, free);
    free = at + BAND_GAP;
    found.set(`p:${pod.uid}`, { x: at, y: bottom + RING });
  });
}

/** Nodes stand in a row below everything, if there is anything. */
function row(nodes, found) {
  const all = found.size > 0 ? [...found.values()] : [{ x: 0, y: 0 }];
  const [left, right] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))];
  const bottom = Math.max(...all.map(({ y }) => y));
  const width = Math.max(right - left, NODE_GAP * nodes.length);
  nodes.forEach((node, index) => {
    const x = (left + right) / 2 - width / 2 + (width * (index + 0.5)) / nodes.length;
    found.set(`h:${node}`, { x, y: bottom + NODE_DROP });
  });
}
