// Tables: the graph's equal in words.
import { badge, count, element } from "./dom.js";
import { idOf } from "./model.js";

const PAGE = 100;

export const COLUMNS = [
  { key: "state", title: "State", cell: (member) => badge(member.state) },
  { key: "pod", title: "Pod", cell: (member, select) => link(member.pod, () => select(`pod:${member.uid}`)), head: true },
  { key: "namespace", title: "Namespace" },
  { key: "network", title: "Network", cell: (member, select) => link(member.network, () => select(`network:${member.network}`)) },
  { key: "interfaceName", title: "Interface", mono: true },
  { key: "addresses", title: "Addresses", cell: (member) => member.addresses.join(" "), mono: true },
  { key: "mac", title: "MAC", mono: true },
  { key: "node", title: "Node" },
  { key: "reason", title: "Reason" },
];

const link = (text, onclick) => (text ? element("button", { type: "button", class: "link", onclick }, text) : "");

/** The table of members: rows stay the same elements while they say the same, so that nobody's place in it is lost. */
export class MemberTable {
  #rows = new Map();
  #body = element("tbody");
  #heads = new Map();
  #shown = PAGE;
  #last = [];

  constructor(table, more, select, sort) {
    this.more = more;
    this.select = select;
    const heads = COLUMNS.map(({ key, title }) => {
      const head = element("th", { scope: "col" },
        element("button", { type: "button", onclick: () => sort(key) }, title));
      this.#heads.set(key, head);
      return head;
    });
    table.append(element("thead", {}, element("tr", {}, ...heads)), this.#body);
    more.addEventListener("click", () => {
      this.#shown += PAGE;
      this.show(this.#last, this.sort, this.selected);
    });
  }

  /** Shows these, ordered by a column, -column for the other way round. */
  show(members, sort, selected) {
    this.#last = members;
    this.sort = sort;
    this.selected = selected;
    this.#heads.forEach((head, key) => head.setAttribute("aria-sort",
      sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none"));
    const shown = ordered(members, sort).slice(0, this.#shown);
    const rows = shown.map((member) => this.#row(member));
    const ids = new Set(shown.map(idOf));
    [...this.#rows.keys()].filter((id) => !ids.has(id)).forEach((id) => {
      this.#rows.get(id).row.remove();
      this.#rows.delete(id);
    });
    rows.forEach((row, index) => {
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    });
    const left = members.length - shown.length;
    this.more.hidden = left === 0;
    this.more.textContent = `Show ${count(Math.min(left, PAGE), "more", "more")} of ${left.toLocaleString("en")}`;
  }

  #row(member) {
    const id = idOf(member);
    let known = this.#rows.get(id);
    if (known?.member !== member) {
      const row = known?.row ?? element("tr");
      row.replaceChildren(...COLUMNS.map((column) => cell(column, member, this.select)));
      known = { member, row };
      this.#rows.set(id, known);
    }
    known.row.classList.toggle("selected", this.selected === `pod:${member.uid}`);
    return known.row;
  }
}

function cell(column, member, select) {
  const content = column.cell ? column.cell(member, select) : member[column.key];
  const classes = column.mono ? "mono" : column.key;
  return column.head
    ? element("th", { scope: "row", class: classes }, content)
    : element("td", { class: classes, "data-title": column.title }, content);
}

const collator = new Intl.Collator("en", { numeric: true });

function ordered(members, sort) {
  if (!sort) {
    return members;
  }
  const key = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  return members.toSorted((one, other) => sign * collator.compare(String(one[key]), String(other[key])));
}

/** A small table, made anew each time: titles, and rows of text or elements; the first cell is the row's head. */
export function fill(table, titles, rows) {
  const focused = document.activeElement?.closest("table") === table ? document.activeElement.textContent : undefined;
  const signature = JSON.stringify(rows.map((row) => row.map((one) => one.textContent ?? one)));
  if (table.signature === signature) {
    return;
  }
  table.signature = signature;
  table.replaceChildren(
    element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...rows.map(([head, ...cells]) => element("tr", {},
      element("th", { scope: "row" }, head), ...cells.map((one) => element("td", {}, one))))));
  if (focused !== undefined) {
    [...table.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
  }
}

export { link };
