// The desk: tabs over one shop's conversations, orders, returns and stock; reads the news every two seconds while seen.
import { h, icon, say } from "../chat/dom.js";
import { Conversations } from "./conversations.js";
import { Orders } from "./orders.js";
import { Returns } from "./returns.js";
import { Stock } from "./stock.js";
import { Tabs } from "./tabs.js";

const BEAT_MS = 2000;
const COUNTS_EVERY = 3; // beats between looks at what waits on each tab

export class Desk {
  #timer = null;
  #beat = 0;
  #running = false;

  /** `left(error)`: the key is not good any more. `follow`: show the latest until somebody chooses (the lab). */
  constructor(root, { api, left, end, follow = false }) {
    this.follow = follow;
    this.api = api;
    this.left = left;
    this.views = [Conversations, Orders, Returns, Stock].map((View) => new View(this));
    this.counts = new Map();
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": say("desk.tabs") }, this.views.map((view) => this.#tab(view)));
    this.offline = h("p", { class: "notice", role: "status", data: { tone: "warn" }, hidden: true }, icon("offline"), say("desk.offline"));
    this.alarm = h("p", { class: "notice", role: "alert", data: { tone: "bad" }, hidden: true });
    root.replaceChildren(h("div", { class: "desk-bar" }, list, end), this.offline, this.alarm, ...this.views.map((view) => this.#panel(view)));
    this.tabs = new Tabs(list, (name) => this.#opened(name));
    this.tabs.choose("conversations");
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
  }

  /** Open a tab, and there an item; `filter` narrows its list. */
  open(name, id, filter) {
    const view = this.#view(name);
    if (filter) view.narrow(filter);
    this.tabs.choose(name);
    if (id) view.choose(id);
  }

  /** Read the news now. */
  soon() {
    this.#beat = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), 0);
  }

  stop() {
    clearTimeout(this.#timer);
    this.stopped = true;
  }

  async #tick() {
    if (this.#running || this.stopped) return;
    this.#running = true;
    const seen = !document.hidden && this.views[0].element.parentElement.parentElement.offsetParent !== null;
    try {
      if (seen) await this.#read();
      this.offline.hidden = true;
    } catch (error) {
      if ([401, 403].includes(error.status)) return this.left(error);
      this.offline.hidden = false;
    } finally {
      this.#running = false;
      clearTimeout(this.#timer);
      if (!this.stopped) this.#timer = setTimeout(() => this.#tick(), BEAT_MS);
    }
  }

  async #read() {
    const { view } = this;
    view.update(await view.list());
    await this.view.refresh();
    if (this.#beat++ % COUNTS_EVERY) return;
    const waiting = await this.api.get("/reports/waiting");
    for (const [each, count] of this.counts) this.#badge(count, waiting[each.name] ?? 0);
    await this.#alert(waiting.channels);
  }

  /** Channels through which nothing goes out, in the provider's words where the key may read them. */
  async #alert(n) {
    const { items } = n ? await this.api.get("/channels").catch(() => ({ items: [] })) : { items: [] };
    const dead = items.filter((one) => one.state !== "connected").map((one) => [one.name, one.detail].filter(Boolean).join(": "));
    const words = [say("desk.channels_dead", { n }), ...dead].join(" · ");
    if (n && words !== this.alarm.textContent) this.alarm.replaceChildren(icon("alert"), words);
    this.alarm.hidden = !n;
  }

  #opened(name) {
    this.view = this.#view(name);
    for (const view of this.views) view.element.parentElement.hidden = view !== this.view;
    this.soon();
  }

  #view(name) {
    return this.views.find((view) => view.name === name);
  }

  #tab(view) {
    const count = h("span", { class: "count numeric", hidden: true });
    this.counts.set(view, count);
    return h("button", { type: "button", role: "tab", id: `tab-${view.name}`, "aria-controls": `panel-${view.name}`, data: { tab: view.name } }, icon(view.icon), h("span", { class: "tab-name" }, say(`desk.${view.name}`)), count);
  }

  #panel(view) {
    return h("section", { class: "panel", role: "tabpanel", id: `panel-${view.name}`, "aria-labelledby": `tab-${view.name}`, hidden: true }, view.element);
  }

  #badge(count, n) {
    count.textContent = n;
    count.hidden = !n;
    count.setAttribute("aria-label", say("desk.waiting", { n }));
  }
}
