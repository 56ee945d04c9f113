// What the graph's parts look like. Colours come from the style sheet, which knows light and dark.
import { STATES } from "./model.js";

const SHAPE = { ready: "ellipse", waiting: "diamond", degraded: "triangle", failed: "rectangle" };

/** The style of the graph, as it is to be now. */
export function look() {
  const root = getComputedStyle(document.documentElement);
  const colour = (name) => root.getPropertyValue(`--${name}`).trim();
  const font = root.getPropertyValue("--font").trim();
  const states = STATES.map((state) => ({
    selector: `node[state = "${state}"]`,
    style: { "border-color": colour(state), "background-color": colour(`${state}-soft`) },
  }));
  return [
    { selector: "node", style: { label: "data(label)", color: colour("text"), "font-family": font, "font-size": 13,
      "text-outline-color": colour("surface"), "text-outline-width": 2, "min-zoomed-font-size": 7 } },
    { selector: "node[kind = 'pod']", style: { width: 26, height: 26, "border-width": 2.5, "text-valign": "bottom",
      "text-margin-y": 4, "text-max-width": 92, "text-wrap": "ellipsis" } },
    ...states,
    ...STATES.map((state) => ({ selector: `node[kind = 'pod'][state = "${state}"]`,
      style: { shape: SHAPE[state], "background-color": colour(state), ...(state === "waiting" && { width: 32, height: 32 }) } })),
    { selector: "node[kind = 'network']", style: { shape: "ellipse", width: "data(size)", height: "data(size)",
      "border-width": 4, "text-valign": "center", "text-wrap": "wrap", "font-weight": 600, "font-size": 13, "line-height": 1.25,
      "text-outline-width": 0, "min-zoomed-font-size": 5 } },
    { selector: "node[kind = 'network'][state = 'failed']", style: { "border-style": "double", "border-width": 7 } },
    { selector: "node[kind = 'network'][state = 'waiting']", style: { "border-style": "dashed" } },
    { selector: "node[kind = 'network'][state = 'degraded']", style: { "border-style": "dotted" } },
    { selector: "node[kind = 'node']", style: { shape: "round-rectangle", width: 118, height: 38, "background-color": colour("node"),
      "border-color": colour("line"), "border-width": 1.5, "text-valign": "center", "text-outline-width": 0,
      "text-max-width": 108, "text-wrap": "ellipsis" } },
    { selector: "edge", style: { "curve-style": "haystack", "haystack-radius": 0, width: 1.5, "line-color": colour("edge"), events: "no" } },
    { selector: "edge[kind = 'runs']", style: { width: 1, "line-color": colour("edge-faint"), "line-style": "dashed" } },
    { selector: "edge[kind = 'count']", style: { width: "data(width)", "line-color": colour("edge-faint") } },
    { selector: "edge[state = 'failed']", style: { "line-color": colour("failed"), "line-style": "dashed" } },
    { selector: ".near", style: { "line-color": colour("accent"), width: 2.5, "z-index": 9 } },
    { selector: ".chosen", style: { "underlay-color": colour("accent"), "underlay-opacity": 0.35, "underlay-padding": 9, "z-index": 10 } },
  ];
}
