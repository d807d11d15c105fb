// Stock: find a product, set what is on the shelf, see what carts and open orders hold.
import { h, icon, say } from "../chat/dom.js";
import { button, empty, part, picture, texts } from "./draw.js";
import { Pages } from "./pages.js";
import { toast, told } from "./toasts.js";

const PAUSE_MS = 250;
const PAGE = 40;

export class Stock {
  name = "stock";
  icon = "box";
  #open = null;
  #levels = [];
  #asked = 0;

  constructor(desk) {
    this.desk = desk;
    this.words = h("input", { type: "search", class: "input", placeholder: say("desk.search"), "aria-label": say("desk.search"), autocomplete: "off", maxLength: 100 });
    this.pages = new Pages(desk.api, "/products", { query: () => ({ q: this.words.value.trim() }), size: PAGE });
    this.words.oninput = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#search(), PAUSE_MS);
    };
    const shelf = h("div", { class: "shelf" });
    this.draw = part(shelf, ({ items, more, open, levels }) =>
      items.length
        ? [h("ul", { class: "products" }, items.map((item) => this.#product(item, open, levels))),
          more && h("p", { class: "older" }, button(say("desk.more"), () => this.#more()))]
        : empty("search", say("desk.empty_stock")));
    this.element = h("div", { class: "stock" }, h("div", { class: "search" }, icon("search"), this.words), shelf);
  }

  list = async () => this.#known(await this.pages.read());

  #known(items) {
    return items.map(({ id, title, variants, images, category_title: category }) => ({ id, title: texts(title), category: texts(category), variants: variants.map((variant) => ({ ...variant, title: texts(variant.title) })), image: images[0]?.image_id }));
  }

  update(items) {
    this.items = items;
    this.#show();
  }

  async refresh() {
    const open = this.items?.find((item) => item.id === this.#open);
    const asked = ++this.#asked;
    if (!open) return;
    const skus = open.variants.map((variant) => variant.sku);
    const levels = skus.length ? (await this.desk.api.get("/stock", { sku: skus })).items : []; // a draft may have none
    if (asked !== this.#asked) return;
    this.#levels = levels;
    this.#show();
  }

  #search() {
    this.pages.restart();
    this.desk.soon();
  }

  async #more() {
    const before = this.items.length;
    const well = await told(async () => this.update(this.#known(await this.pages.next())));
    if (well) this.element.querySelectorAll(".row-button")[before]?.focus({ preventScroll: true });
  }

  /** A number being typed is not drawn over. */
  #show() {
    if (this.element.querySelector("[data-touched]")) return;
    this.draw({ items: this.items ?? [], more: this.pages.more, open: this.#open, levels: this.#levels });
  }

  #product(item, open, levels) {
    const on = item.id === open;
    const units = item.variants.reduce((sum, variant) => sum + variant.stock, 0);
    const toggle = () => {
      this.#open = on ? null : item.id;
      this.#levels = [];
      this.#show();
      this.refresh();
    };
    return h("li", { class: "product", data: on ? { open: "" } : {} },
      h("button", { type: "button", class: "row-button", "aria-expanded": String(on), data: { focus: item.id }, onclick: toggle },
        picture(item.image),
        h("span", { class: "grow" }, h("span", { class: "row-title" }, item.title), h("span", { class: "row-more" }, item.category, " · ", item.variants.length === 1 ? item.variants[0].sku : say("desk.variants", { n: item.variants.length }))),
        h("span", { class: "row-end numeric" }, h("span", { class: "row-sum" }, units), h("span", { class: "row-more" }, say("desk.on_hand"))),
        icon(on ? "up" : "down")),
      on && this.#variants(item, new Map(levels.map((level) => [level.sku, level]))));
  }

  #variants(item, levels) {
    return h("div", { class: "table-scroll" }, h("table", { class: "table" },
      h("thead", null, h("tr", null, h("th", null, say("desk.variant")), h("th", { class: "numeric" }, say("desk.available")), h("th", { class: "numeric" }, say("desk.reserved")), h("th", null, say("desk.on_hand")))),
      h("tbody", null, item.variants.map((variant) => this.#variant(variant, levels.get(variant.sku))))));
  }

  #variant(variant, level) {
    const count = h("input", { type: "number", class: "input numeric", min: 0, max: 1_000_000, step: 1, value: level?.on_hand ?? variant.stock, "aria-label": `${say("desk.on_hand")} ${variant.sku}`, data: { focus: variant.sku } });
    count.oninput = () => (count.dataset.touched = "");
    count.onchange = () => this.#set(variant, count, level?.on_hand ?? variant.stock);
    const left = level?.available;
    return h("tr", null,
      h("td", null, variant.title && h("span", { class: "row-title" }, variant.title), h("span", { class: "row-more code" }, variant.sku)),
      h("td", { class: "numeric" }, left === 0 ? h("span", { class: "badge", data: { tone: "bad" } }, "0") : (left ?? "…")),
      h("td", { class: "numeric muted" }, level?.reserved ?? "…"),
      h("td", null, count));
  }

  async #set(variant, count, before) {
    const units = count.valueAsNumber;
    const good = Number.isInteger(units) && count.checkValidity();
    if (!good) toast(say("desk.stock_wrong", { sku: variant.sku, n: count.max }), "bad");
    const well = good && await told(() => this.desk.api.put(`/stock/${encodeURIComponent(variant.sku)}`, { on_hand: units }), say("desk.saved", { sku: variant.sku }));
    if (!well) count.value = before;
    delete count.dataset.touched;
    this.desk.soon();
  }
}
