// What is shown, as the page's address has it, so that a view can be bookmarked and sent to somebody. Pure.

export const FIELDS = ["network", "namespace", "node", "state"];
const PLAIN = [...FIELDS, "q", "select", "sort"];

/** Reads the address's query. `open` and `closed` name networks that somebody opened or closed, `select` is network:NAME, pod:UID or node:NAME. */
export function read(query) {
  const parameters = new URLSearchParams(query);
  const view = { open: new Set(parameters.getAll("open")), closed: new Set(parameters.getAll("closed")) };
  PLAIN.forEach((field) => (view[field] = parameters.get(field) ?? ""));
  return view;
}

/** Writes it; nothing for what is not set. */
export function write(view) {
  const parameters = new URLSearchParams();
  PLAIN.filter((field) => view[field]).forEach((field) => parameters.set(field, view[field]));
  ["open", "closed"].forEach((field) => [...view[field]].sort().forEach((network) => parameters.append(field, network)));
  const query = parameters.toString();
  return query ? `?${query}` : "";
}

export const isFiltered = (view) => FIELDS.some((field) => view[field]) || view.q.trim() !== "";

/** The members that match every filter; each word of the text must be somewhere in a member. */
export function matching(members, view) {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  const fields = FIELDS.filter((field) => view[field]);
  return [...members].filter((member) =>
    fields.every((field) => member[field] === view[field]) && words.every((word) => text(member).includes(word)));
}

/** Changes of what the filters are about; a change has no node and no state. */
export function matchingChanges(changes, view) {
  return changes.filter((change) =>
    (!view.namespace || change.namespace === view.namespace) &&
    (!view.network || !change.network || change.network === view.network));
}

const texts = new WeakMap();

function text(member) {
  let known = texts.get(member);
  if (known === undefined) {
    known = [member.namespace, member.pod, member.network, member.node, member.interfaceName, member.mac, member.reason,
      ...member.addresses, ...member.underlay].join(" ").toLowerCase();
    texts.set(member, known);
  }
  return known;
}
