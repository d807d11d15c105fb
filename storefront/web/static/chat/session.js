// The page's standing with the shop: tokens, kept per widget; renewed by one tab at a time.
import { config, zone } from "./dom.js";

const KEY = `shopchat:${config.widget_id}`;
let kept = read();
let opening = null;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(changes) {
  kept = { ...kept, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Storage may be closed to frames; the session then lasts as long as the page.
  }
}

export const agreed = () => Boolean(kept.agreed);
export const agree = () => write({ agreed: Date.now() });
export const token = () => kept.access;
export const stale = () => !kept.access || Date.parse(kept.until) - Date.now() < 30_000;
export const threadOf = () => kept.thread;

/** What still waits for its ack, across reloads. */
export const waiting = () => kept.waiting ?? [];
export const keepWaiting = (frames) => write({ waiting: frames });

/** A session's answer (tokens and the last events). One request at a time; other tabs wait and use its result. */
export function open(extra = {}) {
  // One on its way goes without the proof.
  if (opening && extra.user_jwt) return opening.catch(() => {}).then(() => open(extra));
  opening ??= exclusively(() => ask(extra)).finally(() => (opening = null));
  return opening;
}

function exclusively(work) {
  return navigator.locks ? navigator.locks.request(KEY, work) : work();
}

async function ask(extra) {
  const mine = kept.refresh;
  const { refresh, access, until, thread, asking } = read();
  if (refresh) kept = { ...kept, refresh, access, until, thread, asking };
  // The id of the request is kept before it leaves: if its answer is lost, asking again the same way is no theft.
  const request_id = kept.refresh === mine && kept.asking ? kept.asking : crypto.randomUUID();
  write({ asking: request_id });
  const asked = {
    widget_id: config.widget_id,
    refresh: kept.refresh ?? null,
    request_id,
    locale: config.locale,
    entry: { locale: config.locale, tz: zone, page: document.referrer },
    ...extra,
  };
  const answer = await fetch(`${config.base}/widget/session`, posting(asked));
  if (answer.status === 401 && kept.refresh) {
    write({ refresh: null, access: null, asking: null, thread: null, waiting: [] });
    return ask(extra);
  }
  if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status, body: await answer.json().catch(() => ({})) });
  const session = await answer.json();
  write({
    access: session.access,
    until: session.access_expires_at,
    refresh: session.refresh,
    thread: session.thread,
    asking: null,
  });
  return session;
}

export const posting = (values) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) });

/** A call with the token; renews it once when it was refused. */
export async function call(path, options = {}) {
  if (stale()) await open();
  const go = () =>
    fetch(config.base + path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${kept.access}` } });
  const answer = await go();
  if (answer.status !== 401) return answer;
  await open();
  return go();
}
