// What happened of late, newest first, and the same for a screen reader, not too often.
import { element, SHAPES } from "./dom.js";

const MOST_SHOWN = 60;
const PAUSE = 3000;
const MOST_SAID = 3;

const SHAPE = { ...SHAPES, joined: "+", left: "−", repaired: "✓" };
const CLASS = { joined: "waiting", repaired: "ready", left: "gone" };
const VERB = { joined: "joined", left: "left", ready: "is ready in", waiting: "waits in", degraded: "is degraded in",
  failed: "failed in", repaired: "was repaired in" };

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A time of today as people here read it; one of another day has its date. */
export const time = (at) => (new Date(at).toDateString() === new Date().toDateString() ? clock : calendar).format(at);

/** A change in words. */
export function sentence({ kind, network }) {
  const verb = VERB[kind] ?? kind;
  return network ? `${verb} ${network}` : verb.replace(/ in$/, "");
}

export class ChangeList {
  #shown = "";

  constructor(list, select) {
    this.list = list;
    this.select = select;
  }

  show(changes) {
    const shown = changes.slice(-MOST_SHOWN).reverse();
    const signature = `${shown[0]?.number} ${shown.at(-1)?.number} ${shown.length}`;
    if (signature === this.#shown) {
      return;
    }
    this.#shown = signature;
    this.list.replaceChildren(...(shown.length ? shown.map((change) => this.#item(change))
      : [element("li", { class: "help" }, "Nothing in the last 15 minutes.")]));
  }

  #item(change) {
    const name = `${change.namespace}/${change.pod}`;
    return element("li", {},
      element("time", { datetime: new Date(change.at).toISOString() }, time(change.at)),
      element("span", { class: `shape ${CLASS[change.kind] ?? change.kind}`, "aria-hidden": "true" }, SHAPE[change.kind]),
      element("p", {},
        element("button", { type: "button", class: "link", onclick: () => this.select(`pod:${change.uid}`) }, name),
        ` ${sentence(change)}`,
        change.text ? element("span", { class: "why" }, change.text) : ""));
  }
}

/** Says changes in a live region, gathered, so that a wave of them is one sentence. */
export class Announcer {
  #waiting = [];
  #timer = 0;

  constructor(region) {
    this.region = region;
  }

  say(changes) {
    this.#waiting.push(...changes);
    if (this.#waiting.length > 0 && this.#timer === 0) {
      this.#timer = setTimeout(() => this.#speak(), 200);
    }
  }

  #speak() {
    const [some, all] = [this.#waiting.slice(0, MOST_SAID), this.#waiting.length];
    this.#waiting = [];
    const words = some.map((change) => `${change.namespace}/${change.pod} ${sentence(change)}`).join("; ");
    this.region.textContent = all > MOST_SAID ? `${words}; and ${all - MOST_SAID} more changes` : words;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.say([]);
    }, PAUSE);
  }
}
