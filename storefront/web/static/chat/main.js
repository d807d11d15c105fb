// The page: privacy line first, then session, thread, composer and the line to the shop.
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { config, h, say } from "./dom.js";
import * as session from "./session.js";
import { Thread } from "./thread.js";

const $ = (id) => document.getElementById(id);
const title = document.title;
const entry = entryCode();
const host = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
let identity = null;

const thread = new Thread($("scroller"), {
  act,
  type: say_,
  older,
  read: (seq) => line.fleeting({ type: "read", upto_seq: seq }),
  field: (field) => composer.field(field),
  unread: (n) => {
    document.title = n && document.hidden ? `(${n}) ${title}` : title;
    tell("unread", { n });
  },
});
const composer = new Composer($("composer"), {
  text: say_,
  picture: ({ upload_id, alt, url, w, h: height }) =>
    tellShop({ type: "image", upload_id, alt }, { type: "image", url, alt, text: "", w, h: height }),
  trouble,
});
const line = new Connection({
  cursor: () => thread.cursor,
  event: (event) => {
    if (event.kind === "cart.updated") showCart(event.units);
    else if (event.kind.startsWith("agent.")) document.body.toggleAttribute("data-team", event.kind === "agent.joined");
    else if (event.seq > thread.cursor + 1) behind();
    else thread.add(event);
  },
  acked: (cid) => thread.acked(cid),
  refused: (cid, code, retry) => {
    if (retry) return trouble(say("slow_down"));
    if (code === "stale_action") thread.drop(cid);
    else thread.failed(cid, say("not_sent"));
    trouble(say(code === "stale_action" ? "stale" : "refused"));
  },
  reload: show,
  behind,
  state,
});

if (session.agreed()) begin();
else {
  $("gate").hidden = false;
  $("agree").onclick = async () => {
    $("agree").setAttribute("aria-busy", "true");
    session.agree();
    await begin(true);
    composer.focus();
  };
}
// The bot follows the page into another language; what this page cannot send any more, the next one does.
for (const link of document.querySelectorAll("[data-wish]")) {
  link.addEventListener("click", () => session.agreed() && say_(link.dataset.wish));
}
$("cart").onclick = () => say_(say("ask_cart"));
addEventListener("message", heard);
tell("ready");
for (const button of document.querySelectorAll("[data-close]")) button.onclick = () => tell("close");
addEventListener("keydown", ({ key }) => key === "Escape" && !document.querySelector("dialog") && tell("close"));

async function begin(fresh = false) {
  $("gate").hidden = true;
  $("composer").hidden = false;
  document.body.dataset.state = "talking";
  try {
    show(await session.open({ ...(entry && { entry: { code: entry, page: document.referrer } }), user_jwt: identity }));
  } catch (error) {
    if (error.status === 403) return state("refused");
  }
  if (!thread.cursor && fresh && !line.waiting.size) greet();
  else if (entry) composer.fill(say("hello_entry", { code: entry }));
  line.start();
}

function greet() {
  if (entry) say_(say("hello_entry", { code: entry }));
  else line.send({ type: "action", cid: crypto.randomUUID(), action_id: "start", of_seq: null, value: {} });
}

function show(answer) {
  thread.load(answer.history, { more: answer.has_more, readSeq: answer.read_seq, seenSeq: answer.seen_seq });
  for (const frame of line.waiting.values()) thread.wait(frame);
}

/** Too much was missed to be replayed: show the end of the thread as it is now. */
async function behind() {
  const found = await past("");
  if (found) thread.load(found.events, { more: found.has_more, readSeq: thread.readUpTo, seenSeq: thread.seenUpTo });
}

async function older(seq) {
  const found = await past(`before=${seq}&`);
  if (found) thread.prepend(found.events, found.has_more);
}

async function past(place) {
  const answer = await session.call(`/history?${place}limit=50`);
  return answer.ok && answer.json();
}

function send(frame, shown) {
  const whole = { ...frame, cid: crypto.randomUUID(), shown, at: Date.now() };
  thread.wait(whole);
  line.send(whole);
}

function tellShop(content, shown = content) {
  send({ type: "send", kind: "message", content }, shown);
}

function say_(words) {
  tellShop({ type: "text", text: words });
}

function act(seq, action) {
  if (action.id === "share_location") return place();
  send({ type: "action", of_seq: seq, action_id: action.id, value: action.value ?? {} }, { type: "text", text: action.title });
}

function place() {
  navigator.geolocation?.getCurrentPosition(
    ({ coords: { latitude, longitude } }) =>
      tellShop({ type: "location", latitude, longitude }, { type: "location", label: "" }),
    () => trouble(say("no_place")),
  );
}

function showCart(n) {
  $("cart").hidden = !n;
  $("cart").lastElementChild.textContent = n;
  $("cart").setAttribute("aria-label", say("cart", { n }));
}

function state(now) {
  if (state.now === now) return;
  state.now = now;
  const words = { connecting: "connecting", offline: "offline", refused: "not_here" }[now];
  clearTimeout(state.timer);
  const tellIt = () => {
    $("banner").hidden = !words;
    $("banner").querySelector("span").textContent = words ? say(words) : "";
  };
  // A short break is no news; being offline is.
  if (now === "connecting") state.timer = setTimeout(tellIt, 1_500);
  else tellIt();
  if (now === "refused") $("composer").hidden = true;
}

function trouble(words) {
  const toast = h("p", { class: "toast", role: "alert" }, words);
  $("toasts").replaceChildren(toast);
  setTimeout(() => toast.remove(), 5_000);
}

function entryCode() {
  const found = location.hash.slice(1) || config.entry || "";
  if (found) history.replaceState(null, "", location.pathname + location.search.replace(/([?&])entry=[^&]*&?/, "$1").replace(/[?&]$/, ""));
  return /^[\w-]{1,99}$/.test(found) ? found : null;
}

function tell(verb, values = {}) {
  if (parent !== window && known(host)) parent.postMessage({ shopchat: 1, verb, ...values }, host);
}

function known(origin) {
  return origin === location.origin || config.origins.includes(origin);
}

/** Words from the page around the frame: only its own, only these. */
function heard({ source, origin, data }) {
  if (source !== parent || parent === window || data?.shopchat !== 1 || !known(origin)) return;
  if (data.verb === "open") composer.focus();
  if (data.verb === "setEntry" && typeof data.code === "string") composer.fill(say("hello_entry", { code: data.code }));
  if (data.verb === "setUser" && typeof data.jwt === "string") {
    identity = data.jwt;
    if (session.agreed()) session.open({ user_jwt: identity }).then(show).catch(() => {});
  }
}
