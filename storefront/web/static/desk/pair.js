// A list and the one chosen of it: side by side with room, one at a time without.
import { h, icon, say } from "../chat/dom.js";
import { empty, part } from "./draw.js";

export class Pair {
  /**
   * `row(item)`: what stands in an item's row. `chosen(id, body)`: fill the detail.
   * `none`: icon and words for an empty list; `hint`: words while nothing is chosen.
   */
  constructor({ label, row, chosen, none, hint }) {
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
    this.show({ items, id: this.id });
  }

  choose(id) {
    this.id = id;
    this.element.dataset.open = "";
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
