// A provider's app on the lab's phone: it asks the double for the person's thread and draws what is new.
import { config, h, icon, say, tongue } from "../chat/dom.js";
import { toast } from "../desk/toasts.js";
import { shrink } from "./picture.js";

const CALM_MS = 1500;
const EAGER_MS = 300;
const EAGER_FOR_MS = 4000;
const NEAR_END_PX = 120;

export class App {
  #drawn = new Map();
  #eagerUntil = 0;
  #timer = null;
  #shown = "";

  /** `look`: how this provider draws (see whatsapp.js, telegram.js). `person`: an id of the provider's kind. */
  constructor(look, person) {
    this.look = look;
    this.person = person;
    this.scroller = h("div", { class: "wall", role: "log", "aria-label": say("lab.phone"), tabIndex: 0 });
    this.state = h("small");
    this.foot = h("div", { class: "app-foot" });
    this.sheet = h("div", { class: "sheet-room", hidden: true });
    this.element = h("div", { class: "app", data: { look: look.kind } },
      h("header", { class: "app-bar" }, icon("left"), h("span", { class: "face", "aria-hidden": "true" }, config.persona.slice(0, 1)),
        h("span", { class: "grow" }, h("strong", null, config.persona), this.state), icon("more")),
      this.scroller, this.foot, this.#composer(), this.sheet);
    setTimeout(() => this.#tick()); // once it stands in the page
  }

  close() {
    clearTimeout(this.#timer);
    this.closed = true;
    this.element.remove();
  }

  /** The person does something; the thread is looked at more often for a while. */
  async act(verb, body = {}, query = {}) {
    this.#eagerUntil = Date.now() + EAGER_FOR_MS;
    try {
      const raw = body instanceof Blob;
      const headers = { "Content-Type": raw ? body.type : "application/json" };
      const answer = await fetch(this.#url(verb, query), { method: "POST", headers, body: raw ? body : JSON.stringify(body) });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `HTTP ${answer.status}`);
      const done = await answer.json();
      this.#tick();
      return done;
    } catch (error) {
      toast(error instanceof TypeError ? say("lab.unreachable") : error.message, "bad");
      return null;
    }
  }

  say(text) {
    this.#toEnd = true;
    return this.act("say", { text, name: nameOf(this.person) });
  }

  start() {
    return this.act("start", { name: nameOf(this.person) });
  }

  tap(entry, id) {
    this.#toEnd = true;
    return this.act("tap", { message_id: entry.id, id });
  }

  /** A place in Berlin, as the journey's shopper has. */
  place() {
    return this.act("location", { latitude: 52.5015, longitude: 13.4026, label: "Lindenstraße 5, 10969 Berlin" });
  }

  /** Rows that slide up from the phone's edge. */
  open(title, rows) {
    const close = () => {
      this.sheet.hidden = true;
      before?.focus();
    };
    const before = document.activeElement;
    this.sheet.replaceChildren(h("button", { class: "sheet-scrim", type: "button", tabIndex: -1, "aria-label": say("lab.close"), onclick: close }),
      h("div", { class: "sheet", role: "dialog", "aria-label": title, onkeydown: (event) => event.key === "Escape" && close() },
        h("header", null, h("strong", { class: "grow" }, title), h("button", { type: "button", class: "icon-button", "aria-label": say("lab.close"), onclick: close }, icon("close"))),
        h("ul", null, rows.map(({ title: words, more, run }) =>
          h("li", null, h("button", { type: "button", onclick: () => { close(); run(); } }, h("span", { class: "grow" }, words, more && h("small", null, more)), h("i")))))));
    this.sheet.hidden = false;
    this.sheet.querySelector("li button")?.focus();
  }

  #toEnd = true;

  #url(path, query = {}) {
    return `/lab/api/phone/${this.look.kind}/${path}?${new URLSearchParams({ ...query, person: this.person, shop: config.shop.slug })}`;
  }

  async #tick() {
    clearTimeout(this.#timer);
    if (this.closed) return;
    try {
      if (!document.hidden && this.element.offsetParent !== null) await this.#read();
    } catch {
      this.state.textContent = say("lab.unreachable");
    }
    clearTimeout(this.#timer);
    if (!this.closed) this.#timer = setTimeout(() => this.#tick(), Date.now() < this.#eagerUntil ? EAGER_MS : CALM_MS);
  }

  async #read() {
    const answer = await fetch(this.#url("thread"));
    if (!answer.ok) throw new Error(answer.status);
    const thread = await answer.json();
    if (this.closed) return;
    const mark = JSON.stringify(thread);
    if (mark === this.#shown) return;
    this.#shown = mark;
    this.state.textContent = thread.typing ? say("lab.typing") : this.look.subtitle();
    this.#draw(thread);
    this.foot.replaceChildren(...this.look.foot(thread, this));
    if (this.look.reads && thread.messages.some((entry) => entry.by === "shop" && ["sent", "delivered"].includes(entry.status))) {
      fetch(this.#url("read"), { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    }
  }

  /** Only what changed is drawn anew, so that pictures and carousels stay as they are. */
  #draw({ messages, typing }) {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atEnd = this.#toEnd || scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    const standing = [];
    let day = "";
    messages.forEach((entry, index) => {
      const today = new Date(entry.at * 1000).toDateString();
      if (today !== day) standing.push(this.#keep(`day ${today}`, "", () => h("p", { class: "day" }, days.format(entry.at * 1000))));
      day = today;
      const first = messages[index - 1]?.by !== entry.by;
      const last = index === messages.length - 1;
      standing.push(this.#keep(entry.id, JSON.stringify([entry, first, last]), () => this.#bubble(entry, first, last)));
    });
    if (typing) standing.push(this.#keep("typing", "", () => h("div", { class: "msg", data: { by: "shop" } }, h("div", { class: "bub dots" }, h("i"), h("i"), h("i")))));
    if (!messages.length) standing.push(this.#keep("empty", "", () => h("p", { class: "day" }, say("lab.empty"))));
    const kept = new Set(standing);
    for (const child of [...this.scroller.children]) if (!kept.has(child)) child.remove();
    standing.forEach((element, index) => {
      if (this.scroller.children[index] !== element) this.scroller.insertBefore(element, this.scroller.children[index] ?? null);
    });
    if (atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#toEnd = false;
  }

  #keep(id, mark, make) {
    const known = this.#drawn.get(id);
    if (known?.mark === mark) return known.element;
    const element = make();
    this.#drawn.set(id, { mark, element });
    return element;
  }

  #bubble(entry, first, last) {
    const { bubble, below = [], wide } = this.look.draw(entry, this, { last });
    const meta = h("span", { class: "stamp numeric" }, h("time", null, times.format(entry.at * 1000)), entry.by === "person" && this.look.tick(entry.status));
    const box = h("div", { class: "bub" }, bubble, meta, entry.reaction && h("span", { class: "reaction" }, entry.reaction));
    for (const image of box.querySelectorAll("img")) image.addEventListener("load", () => this.#settle(), { once: true });
    return h("div", { class: "msg", data: { by: entry.by, first, ...(wide && { wide: "" }) } }, box, below);
  }

  /** A picture came in above the end: stay at the end when we were there. */
  #settle() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < 6 * NEAR_END_PX) this.scroller.scrollTop = scrollHeight;
  }

  #composer() {
    const words = h("textarea", { rows: 1, maxLength: 4000, placeholder: say("lab.write"), "aria-label": say("lab.write"), enterKeyHint: "send" });
    const file = h("input", { type: "file", accept: "image/*", hidden: true, tabIndex: -1 });
    const form = h("form", { class: "app-composer" },
      h("button", { type: "button", class: "icon-button", "aria-label": say("lab.picture"), onclick: () => file.click() }, icon("camera")),
      words, file, h("button", { type: "submit", class: "icon-button go", "aria-label": say("lab.send") }, icon("send")));
    form.onsubmit = (event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (!text) return;
      words.value = "";
      this.say(text);
    };
    words.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    };
    file.onchange = async () => {
      const [chosen] = file.files;
      file.value = "";
      if (chosen) await this.#send(chosen);
    };
    return form;
  }

  async #send(file) {
    const shrunk = await shrink(file).catch(() => null);
    if (!shrunk) return toast(say("lab.no_picture"), "bad");
    const { blob, small } = shrunk;
    this.#toEnd = true;
    const sent = await this.act("picture", blob, { kind: "image", name: file.name });
    if (sent) sessionStorage.setItem(`lab:picture:${sent.id}`, small);
  }
}

const NAMES = ["Lena Vogt", "Jonas Brandt", "Mara Seidel", "Emil Krause", "Nele Albrecht", "Tom Wieland", "Ida Lorenz", "Paul Hartwig"];
const nameOf = (person) => NAMES[Number(person) % NAMES.length];
const times = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(tongue, { weekday: "short", day: "numeric", month: "long" });

/** A picture of the shop's, or the one that this tab sent. */
export function photo(url, alt = "") {
  return h("img", { class: "shot", src: url, alt, loading: "lazy" });
}

export function sentPhoto(entry) {
  const kept = sessionStorage.getItem(`lab:picture:${entry.id}`);
  return kept ? photo(kept, say("lab.sent_picture")) : h("span", { class: "doc" }, icon("image"), say("lab.sent_picture"));
}
