// A list and the one chosen of it: side by side with room, one at a time without.
import { h, icon, say } from "../chat/dom.js";
import { button, empty, part } from "./draw.js";
import { told } from "./toasts.js";

export class Pair {
  /**
   * `row(item)`: what stands in an item's row. `chosen(id, body)`: fill the detail.
   * `none`: icon and words for an empty list; `hint`: words while nothing is chosen. `follow`: the latest leads.
   * `older()`: read one page more and update.
   */
  constructor({ label, row, chosen, none, hint, older, follow = false }) {
    this.follow = follow;
    this.id = null;
    this.body = h("div", { class: "detail-body" }, empty(...hint));
    this.list = h("div", { class: "pair-list" });
    this.element = h("div", { class: "pair" }, this.list,
      h("section", { class: "detail", tabIndex: -1 },
        h("button", { type: "button", class: "button back", data: { kind: "quiet", size: "s" }, onclick: () => this.close() }, icon("left"), say("desk.back")),
        this.body));
    this.chosen = chosen;
    this.more = false;
    this.older = older;
    this.draw = part(this.list, ({ items, id, more }) =>
      items.length
        ? [h("ul", { class: "rows", "aria-label": label }, items.map((item) =>
            h("li", null, h("button", { type: "button", class: "row-button", data: { focus: item.id }, "aria-current": item.id === id && "true", onclick: () => this.choose(item.id) }, row(item))))),
          more && h("p", { class: "older" }, button(say("desk.older"), () => this.#older()))]
        : empty(...none));
  }

  /** `more`: whether there are older items than these. */
  update(items, more) {
    this.items = items;
    this.more = more;
    if (items.length && this.#leads(items[0].id)) return this.choose(items[0].id, { byHand: false });
    this.#show();
  }

  /** Beside the list, the latest stands open by itself; where the desk follows, until somebody chooses another. */
  #leads(latest) {
    if (this.body.offsetParent === null || this.id === latest) return false;
    return this.id === null || (this.follow && !this.byHand && !this.body.contains(document.activeElement));
  }

  choose(id, { byHand = true } = {}) {
    this.id = id;
    this.byHand = byHand;
    if (byHand) this.element.dataset.open = "";
    this.#show();
    this.body.replaceChildren(h("div", { class: "empty" }, h("span", { class: "spinner" })));
    this.chosen(id, this.body);
    if (this.list.offsetParent === null) this.element.querySelector(".detail").focus({ preventScroll: true });
  }

  #show() {
    this.draw({ items: this.items ?? [], id: this.id, more: this.more });
  }

  /** The focus goes to the first of the older ones: there somebody reads on. */
  async #older() {
    const before = this.items.length;
    if (await told(() => this.older())) this.list.querySelectorAll(".row-button")[before]?.focus({ preventScroll: true });
  }

  close() {
    delete this.element.dataset.open;
    this.list.querySelector("[aria-current]")?.focus();
  }
}
