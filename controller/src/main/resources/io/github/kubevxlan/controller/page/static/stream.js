// Follows the controller by server-sent events; comes back when the connection is lost.

const PAUSE = 3000;
const LOST = "connection lost: this is what was known last";
const TOO_MANY = 503;

/** Calls `events.snapshot(document)`, `events.delta(document)` and `events.connection(state, text)`. */
export function follow(events) {
  const source = new EventSource("/events");
  const heard = (action) => (event) => {
    events.connection("live", "live");
    action(JSON.parse(event.data));
  };
  source.addEventListener("snapshot", heard(events.snapshot));
  source.addEventListener("delta", heard(events.delta));
  source.addEventListener("error", async () => {
    const isClosed = source.readyState === EventSource.CLOSED;
    events.connection("lost", isClosed ? await refusal() : LOST);
    if (isClosed) {
      setTimeout(() => follow(events), PAUSE);
    }
  });
}

/** Why the controller refused to be followed, which an EventSource does not tell. */
async function refusal() {
  const request = new AbortController();
  try {
    const response = await fetch("/events", { signal: request.signal });
    return response.status === TOO_MANY ? (await response.text()).trim() : LOST;
  } catch {
    return LOST;
  } finally {
    request.abort();
  }
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
