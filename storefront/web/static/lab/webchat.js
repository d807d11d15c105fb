// The shop's own web chat on the phone: its real page in a frame of the same origin.
import { config, h, say } from "../chat/dom.js";
import { toast } from "../desk/toasts.js";

export class WebChat {
  constructor() {
    this.element = h("iframe", { class: "frame", title: `${say("lab.webchat")} ${config.persona}`, src: `/chat/${config.shop.slug}?lang=${config.locale}` });
  }

  close() {
    this.element.remove();
  }

  /** Type into the page as the person would; before the first message they agree to the privacy line themselves. */
  say(text) {
    const page = this.element.contentDocument;
    const words = page?.getElementById("words");
    const gate = page?.getElementById("agree");
    if (!words || words.form.hidden) {
      gate?.focus();
      toast(say("lab.agree_first", { start: gate?.textContent.trim() ?? "" }));
      return;
    }
    words.value = text;
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.form.requestSubmit();
  }

  /** The page forgets who it was. */
  static forget() {
    for (const name of Object.keys(localStorage)) if (name.startsWith("shopchat:")) localStorage.removeItem(name);
  }
}
