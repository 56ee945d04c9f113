// Makes elements. Text is only ever text: nothing here takes markup.

/** An element with attributes, properties of the same name as handlers (on...), and children: elements or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** What each state looks like beside its colour. */
export const SHAPES = { ready: "●", waiting: "◆", degraded: "▲", failed: "■" };

/** A state in words, with its shape and colour. */
export function badge(state) {
  return element("span", { class: `badge ${state}` },
    element("span", { "aria-hidden": "true" }, SHAPES[state] ?? "•"), ` ${state}`);
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
