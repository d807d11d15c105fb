// The lab's tools: the install's clock, and what may go wrong at the providers.
import { config, h, icon, say, tongue } from "../chat/dom.js";
import { word } from "../desk/draw.js";
import { toast } from "../desk/toasts.js";

const JUMPS = { minutes45: 2700, hour: 3600, day: 86_400, days2: 172_800, days9: 777_600, days40: 3_456_000 };
const LOOK_MS = 4000;
const USUAL = { webhook_copies: 1, retry_after_s: 1 };

export class Clock {
  #ahead = 0;

  constructor(root, { moved, ticked }) {
    this.ticked = ticked;
    this.face = h("time", { class: "clock-face numeric" });
    root.replaceChildren(icon("clock"), this.face, h("span", { class: "jumps", role: "group", "aria-label": say("lab.clock") },
      Object.entries(JUMPS).map(([name, seconds]) => h("button", { type: "button", class: "tool-button", data: { jump: name }, onclick: (event) => this.#jump(event.currentTarget, seconds, moved) }, say(`lab.${name}`)))));
    this.#read();
    setInterval(() => this.#tell(), 1000);
  }

  async #read() {
    this.#set(await ask("/lab/api/clock"));
  }

  async #jump(button, seconds, moved) {
    button.disabled = true;
    try {
      this.#set(await ask("/lab/api/clock", { advance_seconds: seconds }));
      toast(say("lab.moved", { time: moments.format(this.#now()) }));
      moved();
    } catch (error) {
      toast(error.message, "bad");
    } finally {
      button.disabled = false;
    }
  }

  #set({ now }) {
    this.#ahead = Date.parse(now) - Date.now();
    this.#tell();
  }

  #now = () => Date.now() + this.#ahead;

  #tell() {
    this.face.textContent = moments.format(this.#now());
    this.ticked(hours.format(this.#now()));
  }
}

const moments = new Intl.DateTimeFormat(tongue, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const hours = new Intl.DateTimeFormat(tongue, { hour: "numeric", minute: "2-digit" });

export class Faults {
  #panels = new Map();

  constructor(root) {
    this.count = h("span", { class: "tool-count", hidden: true });
    this.body = h("div", { class: "fault-panels" });
    this.root = h("details", { class: "faults" },
      h("summary", null, icon("bolt"), h("span", null, say("lab.faults")), this.count, icon("down")),
      h("div", { class: "fault-body" },
        h("div", { class: "fault-head" }, h("p", null, say("lab.faults_hint")), h("button", { type: "button", class: "tool-button", onclick: () => this.#clear() }, icon("check"), say("lab.clear"))),
        this.body));
    root.replaceChildren(this.root);
    this.root.ontoggle = () => this.#look();
    this.kinds = [...config.kinds.filter((kind) => kind !== "webchat"), "stripe"];
    this.#look();
    setInterval(() => document.hidden || this.#look(), LOOK_MS);
  }

  async #look() {
    const found = await Promise.allSettled(this.kinds.map((kind) => ask(path(kind))));
    found.forEach(({ value: faults }, index) => faults && this.#show(this.kinds[index], faults)); // a shop may lack a double
    this.#tell();
  }

  #tell() {
    const on = [...this.#panels.values()].reduce((sum, panel) => sum + panel.on, 0);
    this.count.hidden = !on;
    this.count.textContent = say("lab.faults_on", { n: on });
  }

  #show(kind, faults) {
    if (!this.#panels.has(kind)) this.#panels.set(kind, this.#panel(kind, faults));
    const panel = this.#panels.get(kind);
    panel.on = Object.entries(faults).filter(([name, value]) => Number(value) !== (USUAL[name] ?? 0)).length;
    for (const [name, value] of Object.entries(faults)) {
      const control = panel.controls.get(name);
      if (!control || control === document.activeElement) continue;
      if (typeof value === "boolean") control.checked = value;
      else control.value = value;
    }
  }

  #panel(kind, faults) {
    const controls = new Map();
    const rows = Object.entries(faults).map(([name, value]) => {
      const control = typeof value === "boolean" ? h("input", { type: "checkbox", role: "switch", class: "tool-switch" }) : h("input", { type: "number", class: "tool-number", min: 0, step: 1 });
      control.onchange = () => this.#set(kind, name, control);
      controls.set(name, control);
      return h("label", null, h("span", { class: "grow" }, word("fault", name)), control);
    });
    const element = h("fieldset", null, h("legend", null, say(`lab.${kind}`)), rows);
    this.body.append(element);
    return { element, controls, on: 0 };
  }

  async #set(kind, name, control) {
    const value = control.type === "checkbox" ? control.checked : Math.max(0, Math.round(control.valueAsNumber || 0));
    await this.#send(kind, { [name]: value });
  }

  async #clear() {
    await Promise.all([...this.#panels.keys()].map((kind) => this.#send(kind, {})));
    this.#look();
  }

  async #send(kind, change) {
    try {
      this.#show(kind, await ask(path(kind), change));
      this.#tell();
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}

const path = (kind) => `/lab/api/faults/${kind}?shop=${encodeURIComponent(config.shop.slug)}`;

async function ask(url, body) {
  const answer = await fetch(url, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(read.detail ?? `HTTP ${answer.status}`);
  return read;
}
