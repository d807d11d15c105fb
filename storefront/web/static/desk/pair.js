// A list and the one chosen of it: side by side with room, one at a time without.
import { h, icon, say } from "../chat/dom.js";
import { empty, part } from "./draw.js";

export class Pair {
  /**
   * `row(item)`: what stands in an item's row. `chosen(id, body)`: fill the detail.
   * `none`: icon and words for an empty list; `hint`: words while nothing is chosen. `follow`: the latest leads.
   */
  constructor({ label, row, chosen, none, hint, follow = false }) {
    this.follow = follow;
    this.id = null;
    this.body = h("div", { class: "detail-body" }, empty(...hint));
    this.list = h("div", { class: "pair-list" });
    this.element = h("div", { class: "pair" }, this.list,
      h("section", { class: "detail", tabIndex: -1 },
        h("button", { type: "button", class: "button back", data: { kind: "quiet", size: "s" }, onclick: () => this.close() }, icon("left"), say("desk.back")),
        this.body));
    this.chosen = chosen;
    this.show = part(this.list, ({ items, id }) =>
      items.length
        ? h("ul", { class: "rows", "aria-label": label }, items.map((item) =>
            h("li", null, h("button", { type: "button", class: "row-button", data: { focus: item.id }, "aria-current": item.id === id && "true", onclick: () => this.choose(item.id) }, row(item)))))
        : empty(...none));
  }

  update(items) {
    this.items = items;
    if (items.length && this.#leads(items[0].id)) return this.choose(items[0].id, { byHand: false });
    this.show({ items, id: this.id });
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
    this.show({ items: this.items ?? [], id });
    this.body.replaceChildren(h("div", { class: "empty" }, h("span", { class: "spinner" })));
    this.chosen(id, this.body);
    if (this.list.offsetParent === null) this.element.querySelector(".detail").focus({ preventScroll: true });
  }

  close() {
    delete this.element.dataset.open;
    this.list.querySelector("[aria-current]")?.focus();
  }
}
