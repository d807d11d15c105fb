// The phone: one screen, three kinds of chat, and a person who may be somebody else at a button's press.
import { config, h, icon, say } from "../chat/dom.js";
import { toast } from "../desk/toasts.js";
import { App } from "./app.js";
import { telegram } from "./telegram.js";
import { WebChat } from "./webchat.js";
import { whatsapp } from "./whatsapp.js";

const LOOKS = { whatsapp, telegram };
const EXAMPLES = ["example1", "example2", "example4", "example3", "example5"];

export class Phone {
  constructor(root) {
    this.screen = h("div", { class: "screen-app" });
    this.time = h("time", { class: "numeric" });
    this.kinds = config.kinds.map((kind) => h("button", { type: "button", class: "segment", data: { kind }, onclick: () => this.show(kind) }, say(`lab.${kind}`)));
    root.replaceChildren(
      h("div", { class: "phone-tools" },
        h("div", { class: "segments", role: "group", "aria-label": say("lab.channel") }, this.kinds),
        h("button", { type: "button", class: "icon-button", title: say("lab.person"), "aria-label": say("lab.person"), onclick: () => this.renew() }, icon("users"))),
      h("div", { class: "device" },
        h("div", { class: "screen" },
          h("div", { class: "status", "aria-hidden": "true" }, this.time, h("span", { class: "island" }), h("span", { class: "signs" }, h("i"), h("b"))),
          this.screen,
          h("div", { class: "home", "aria-hidden": "true" }))),
      h("div", { class: "examples", role: "group", "aria-label": say("lab.try") }, EXAMPLES.map((key) =>
        h("button", { type: "button", class: "chip", onclick: () => this.app.say(say(`lab.${key}`)) }, say(`lab.${key}`)))));
    const kept = sessionStorage.getItem(this.#key("kind"));
    this.show(config.kinds.includes(kept) ? kept : config.kinds[0]);
  }

  show(kind) {
    this.kind = kind;
    sessionStorage.setItem(this.#key("kind"), kind);
    for (const button of this.kinds) button.setAttribute("aria-pressed", button.dataset.kind === kind);
    this.app?.close();
    this.app = kind === "webchat" ? new WebChat() : new App(LOOKS[kind], this.#person(kind));
    this.screen.closest(".device").dataset.look = kind;
    this.screen.replaceChildren(this.app.element);
  }

  /** Somebody who has never written before. */
  renew() {
    if (this.kind === "webchat") WebChat.forget();
    else sessionStorage.removeItem(this.#key(this.kind));
    this.show(this.kind);
    toast(say("lab.new_person"));
  }

  tell(time) {
    this.time.textContent = time;
  }

  #person(kind) {
    const known = sessionStorage.getItem(this.#key(kind));
    const person = known ?? LOOKS[kind].newPerson();
    sessionStorage.setItem(this.#key(kind), person);
    return person;
  }

  #key(name) {
    return `lab:${config.shop.slug}:${name}`;
  }
}
