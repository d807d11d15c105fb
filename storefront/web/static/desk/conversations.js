// Conversations: who needs a person, the thread with what became of every message, the team's own words.
import { h, icon, rich, say } from "../chat/dom.js";
import { STEADY_MS } from "./api.js";
import { button, part, word } from "./draw.js";
import { when } from "./format.js";
import { beside } from "./cards.js";
import { Pages } from "./pages.js";
import { Pair } from "./pair.js";
import { reading } from "./reading.js";
import { told } from "./toasts.js";

const TICKS = { queued: "clock", sending: "clock", sent: "check", delivered: "checks", read: "checks", failed: "alert", refused: "alert", uncertain: "help" };
const SIGNS = { ActionChosen: "check", MediaReceived: "image", LocationShared: "pin", ContactShared: "user", CartReceived: "cart", ProductAsked: "tag", Withdrawn: "trash" };
const NEAR_END_PX = 80;
const TYPING_MS = 10_000; // the shopper is shown it for 20 seconds

export class Conversations {
  name = "conversations";
  icon = "chat";

  constructor(desk) {
    this.desk = desk;
    this.open = null;
    this.pages = new Pages(desk.api, "/conversations");
    this.pair = new Pair({
      follow: desk.follow,
      label: say("desk.conversations"),
      row,
      chosen: (id, body) => this.#choose(id, body),
      older: async () => this.update(await this.pages.next()),
      none: ["chat", say("desk.empty_conversations")],
      hint: ["chat", say("desk.choose_conversation")],
    });
    this.element = this.pair.element;
  }

  list = () => this.pages.read();

  update(items) {
    this.pair.update(items, this.pages.more);
  }

  async refresh() {
    const { open } = this;
    if (!open) return;
    open.head(await this.pages.find(open.id));
    await open.read();
  }

  choose(id) {
    this.pair.choose(id);
  }

  #choose(id, body) {
    this.open = new Thread(this.desk, id, body);
    const known = this.pair.items?.find((item) => item.id === id);
    if (known) this.open.head(known);
    this.open.read();
  }
}

function row(item) {
  const name = nameOf(item);
  return [
    h("span", { class: "face", "aria-hidden": "true" }, /^\p{L}/u.test(item.name ?? "") ? item.name.slice(0, 1) : icon("user")),
    h("span", { class: "grow" },
      h("span", { class: "row-title" }, name),
      item.last_message && h("span", { class: "row-said" }, said(item.last_message)),
      h("span", { class: "row-more" }, word("lab", item.kind), " · ", word("desk", item.held_by === "staff" ? "staff" : "bot")),
      item.needs_person && h("span", { class: "badge", data: { tone: "warn" } }, icon("user"), say("desk.needs_person"))),
    h("span", { class: "row-end" }, h("time", { class: "row-more numeric", dateTime: item.updated_at }, when(item.updated_at))),
  ];
}

function said({ author, text, kind }) {
  const words = text ? rich(text).map((node) => node.textContent ?? node).join("") : word("kind", (kind ?? "picture").toLowerCase());
  return author === "shopper" ? words : `${word("desk", author)}: ${words}`;
}

const nameOf = (item) => item.name || say("desk.guest", { code: item.address.slice(-4) });

class Thread {
  #settled = [];
  #cursor = null;
  #since = 0;
  #pending = [];
  #explained = new Set();

  constructor(desk, id, body) {
    this.desk = desk;
    this.id = id;
    this.head = part(h("header", { class: "detail-head" }), (item) => this.#head(item));
    this.scroller = h("div", { class: "talk", tabIndex: 0, role: "log", "aria-label": say("desk.conversations") });
    this.draw = part(this.scroller, (items) => items.map((item) => bubble(item, this.#explained)));
    body.replaceChildren(this.head({}), this.scroller, this.#form());
    body.classList.add("thread-body");
  }

  async read() {
    if (Date.now() - this.#since > STEADY_MS) [this.#settled, this.#cursor, this.#since] = [[], null, Date.now()];
    let page = await this.desk.api.get(`/conversations/${this.id}/messages`, { cursor: this.#cursor });
    while (page.next_cursor) {
      this.#settled.push(...page.items);
      this.#cursor = page.next_cursor;
      page = await this.desk.api.get(`/conversations/${this.id}/messages`, { cursor: this.#cursor });
    }
    this.#show([...this.#settled, ...page.items]);
  }

  #show(items) {
    this.items = items;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.draw([...items, ...this.#pending]);
    if (atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #head(item) {
    if (!item.id) return [];
    const staff = item.held_by === "staff";
    this.shows = staff && item.kind === "webchat";
    const turn = staff
      ? button(say("desk.give_back"), () => this.#lane("handback"), { name: "return", focus: "lane" })
      : button(say("desk.take"), () => this.#lane("handover"), { name: "user", focus: "lane" });
    return [
      h("div", { class: "grow" },
        h("h2", null, nameOf(item)),
        h("p", { class: "row-more" }, word("lab", item.kind), " · ", staff ? say("desk.held_staff") : say("desk.held_bot")),
        item.needs_person && h("p", null, h("span", { class: "badge", data: { tone: "warn" } }, icon("user"), say("desk.needs_person"), ": ", word("need", item.needs_person)))),
      h("div", { class: "row" },
        button(say("desk.orders"), () => this.desk.open("orders", null, { conversation_id: item.id }), { kind: "quiet", name: "receipt" }), turn),
    ];
  }

  async #lane(way) {
    await told(async () => this.head(await this.desk.api.post(`/conversations/${this.id}/${way}`)));
    this.desk.soon();
  }

  #form() {
    const words = h("textarea", { class: "input", rows: 1, maxLength: 4000, placeholder: say("desk.write"), "aria-label": say("desk.write"), enterKeyHint: "send" });
    const form = h("form", { class: "reply" }, words,
      h("button", { type: "submit", class: "icon-button send", "aria-label": say("desk.send") }, icon("send")));
    form.onsubmit = (event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (!text) return;
      words.value = "";
      this.#say(text).then((well) => {
        if (!well && !words.value) words.value = text;
      });
    };
    words.oninput = () => this.#typing();
    words.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    };
    return form;
  }

  /** While a person holds the lane, the shopper's page says that the team is typing. */
  #typing() {
    if (!this.shows || Date.now() - (this.typed ?? 0) < TYPING_MS) return;
    this.typed = Date.now();
    this.desk.api.post(`/conversations/${this.id}/typing`).catch(() => {});
  }

  /** The words stand in the thread at once and are replaced by the server's own when it has them. */
  async #say(text) {
    const mine = { id: crypto.randomUUID(), direction: "outbound", author: "staff", text, at: new Date().toISOString(), delivery: { state: "queued" } };
    this.#pending.push(mine);
    this.#show(this.items ?? []);
    this.scroller.scrollTop = this.scroller.scrollHeight;
    const well = await told(() => this.desk.api.post(`/conversations/${this.id}/messages`, { text }));
    this.#pending = this.#pending.filter((one) => one !== mine);
    await this.read().catch(() => {});
    this.desk.soon();
    return well;
  }
}

function bubble(item, explained) {
  const inbound = item.direction === "inbound";
  const words = item.text ? rich(item.text) : [icon(SIGNS[item.kind] ?? "chat"), h("em", { class: "row-more" }, word("kind", (item.kind ?? "picture").toLowerCase()))];
  const more = beside(item);
  return h("article", { class: "say", data: { by: inbound ? "shopper" : item.author } },
    (item.text || !more.length) && h("div", { class: "words", data: item.text ? {} : { wordless: "" } }, ...words),
    ...more,
    h("p", { class: "fate numeric" },
      !inbound && h("span", null, word("desk", item.author)),
      h("time", { dateTime: item.at }, when(item.at)),
      inbound ? outcome(item.outcome) : delivery(item.delivery)),
    inbound && reading(item, explained));
}

function outcome(found) {
  if (!found) return h("span", { class: "pending" }, icon("clock"), say("outcome.open"));
  if (found.kind === "answered") return null;
  const why = found.reason ? `: ${word("need", found.reason)}` : "";
  return h("span", { data: { tone: found.kind === "failed" ? "bad" : "info" }, class: "toned" }, word("outcome", found.kind), why);
}

function delivery({ state, reason, provider_code: code, next_try_at: next, instead }) {
  const bad = ["failed", "refused"].includes(state);
  const tick = h("span", { class: "tick", data: { state }, title: word("delivery", state) }, icon(TICKS[state] ?? "clock", word("delivery", state)));
  if (bad || state === "uncertain") {
    const other = instead && (instead.email ? say("delivery.instead_email", instead) : say("delivery.instead_thread", { kind: word("lab", instead.kind) }));
    const why = [word("delivery", state), reason && word("why", reason), code, other].filter(Boolean).join(" · ");
    return h("span", { class: "toned", data: { tone: bad ? "bad" : "warn" } }, tick, why);
  }
  if (!reason || state !== "queued") return tick;
  const plan = next ? say("delivery.again", { reason: word("why", reason), time: when(next) }) : say("delivery.kept", { reason: word("why", reason) });
  return h("span", { class: "toned", data: { tone: "warn" } }, tick, plan);
}
