// Follows the controller by server-sent events; comes back when the connection is lost.

const PAUSE = 3000;

/** Calls `events.snapshot(document)`, `events.delta(document)` and `events.connection(state, text)`. */
export function follow(events) {
  const source = new EventSource("/events");
  const heard = (action) => (event) => {
    events.connection("live", "live");
    action(JSON.parse(event.data));
  };
  source.addEventListener("snapshot", heard(events.snapshot));
  source.addEventListener("delta", heard(events.delta));
  source.addEventListener("error", () => {
    events.connection("lost", "connection lost: this is what was known last");
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(events), PAUSE);
    }
  });
}

/** What is known of a pod beside its place in the model; nothing if it can't be had. */
export async function podDetails(uid) {
  try {
    const response = await fetch(`/pods/${encodeURIComponent(uid)}`);
    return response.ok ? await response.json() : { uid, changes: [] };
  } catch {
    return { uid, changes: [] };
  }
}
