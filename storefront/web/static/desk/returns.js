// Returns: what shoppers want to send back; approve, reject with a reason, receive.
import { h, icon, say } from "../chat/dom.js";
import { badge, busy, button, part, photo, picture, sure, word } from "./draw.js";
import { money, when } from "./format.js";
import { Pages } from "./pages.js";
import { Pair } from "./pair.js";
import { told } from "./toasts.js";

export class Returns {
  name = "returns";
  icon = "return";
  #orders = new Map();

  constructor(desk) {
    this.desk = desk;
    this.pages = new Pages(desk.api, "/returns");
    this.pair = new Pair({
      follow: desk.follow,
      label: say("desk.returns"),
      row: (item) => this.#row(item),
      chosen: (id, body) => this.#choose(id, body),
      older: async () => this.update(await this.#known(await this.pages.next())),
      none: ["return", say("desk.empty_returns")],
      hint: ["return", say("desk.choose_return")],
    });
    this.element = this.pair.element;
  }

  list = async () => this.#known(await this.pages.read());

  /** Each with its order, which has the number, titles and pictures; an order's snapshot of goods never changes. */
  async #known(items) {
    const missing = [...new Set(items.map((item) => item.order_id))].filter((id) => !this.#orders.has(id));
    for (const order of await Promise.all(missing.map((id) => this.desk.api.get(`/orders/${id}`)))) {
      this.#orders.set(order.id, { number: order.number, lines: order.lines, conversation_id: order.conversation_id, name: order.delivery?.name });
    }
    return items.map((item) => ({ ...item, order: this.#orders.get(item.order_id) }));
  }

  update(items) {
    this.pair.update(items, this.pages.more);
    const mine = items.find((item) => item.id === this.pair.id);
    if (mine) this.show?.(mine);
  }

  async refresh() {}

  choose(id) {
    this.pair.choose(id);
  }

  #row({ order, lines, state, requested_at: at }) {
    const line = lineOf(order, lines[0]);
    return [
      picture(line?.image_id),
      h("span", { class: "grow" }, h("span", { class: "row-title" }, line?.title ?? lines[0]?.sku), h("span", { class: "row-more numeric" }, order?.number, " · ", order?.name ?? "")),
      h("span", { class: "row-end" }, h("time", { class: "row-more numeric", dateTime: at }, when(at)), badge(state)),
    ];
  }

  #choose(id, body) {
    const [about, photos] = [h("div", { class: "order" }), h("div", { class: "row photos" })];
    const [detail, shots] = [part(about, (item) => this.#detail(item)), part(photos, (urls) => urls.map((url) => photo(url, say("desk.photo"))))];
    // Photos get new addresses from time to time: what is being written beside them stays.
    this.show = ({ photo_urls: urls, ...item }) => [detail(item), shots(urls)];
    const item = this.pair.items?.find((each) => each.id === id);
    if (item) this.show(item);
    body.replaceChildren(about, photos);
  }

  #detail(item) {
    const change = (path, body, well) => async () => {
      await told(() => this.desk.api.post(`/returns/${item.id}/${path}`, body?.()), well);
      this.desk.soon();
    };
    return [
      h("header", { class: "detail-head" },
        h("div", { class: "grow" }, h("h2", null, say("desk.return_of", { number: item.order.number }), " ", badge(item.state)),
          h("p", { class: "row-more" }, when(item.requested_at), " · ", word("wish", item.wish))),
        h("div", { class: "row" },
          button(say("desk.order"), () => this.desk.open("orders", item.order_id), { kind: "quiet", name: "receipt" }),
          item.order.conversation_id && button(say("desk.open_thread"), () => this.desk.open("conversations", item.order.conversation_id), { kind: "quiet", name: "chat" }))),
      h("div", { class: "doings" }, this.#doings(item, change)),
      h("ul", { class: "goods" }, item.lines.map((line) => this.#line(item.order, line))),
      item.label_url && h("p", { class: "notice" }, icon("info"), say("desk.label_url"), ": ", h("a", { href: item.label_url, target: "_blank", rel: "noreferrer" }, item.label_url)),
      item.code && h("p", { class: "notice" }, icon("info"), say("desk.label_code"), ": ", item.code),
      item.rejection && h("p", { class: "notice" }, icon("info"), item.rejection),
      item.refund && h("p", { class: "notice", data: { tone: "good" } }, icon("check"), say("desk.refunded", { amount: money(item.refund) })),
    ];
  }

  #doings(item, change) {
    if (item.state === "requested") {
      return [approving(change), rejecting(change)];
    }
    if (item.state === "approved") {
      return [h("div", { class: "row" }, sure(say("desk.receive"), change("receive", () => ({}), say("desk.received")), { kind: "primary", name: "box", ask: () => say("desk.receive_sure") })), rejecting(change)];
    }
    if (item.state === "received") {
      return h("div", { class: "row" }, sure(say("desk.close_return"), change("close", null, say("desk.done")), { kind: "quiet", name: "check", ask: () => say("desk.close_return_sure") }));
    }
    return [];
  }

  #line(order, line) {
    const bought = lineOf(order, line);
    return h("li", null, picture(bought?.image_id),
      h("span", { class: "grow" }, h("span", { class: "row-title" }, `${line.quantity} × ${bought?.title ?? line.sku}`), h("span", { class: "row-more" }, [bought?.variant_title, line.sku].filter(Boolean).join(" · ")),
        line.reason && h("span", { class: "reason" }, word("reason", line.reason))));
  }
}

const lineOf = (order, line) => order?.lines.find((each) => each.sku === line?.sku);

/** Yes, with a label or a drop-off code for the shopper where there is one. */
function approving(change) {
  const link = h("input", { class: "input", type: "url", pattern: "https://.*", maxLength: 500, placeholder: say("desk.label_url"), "aria-label": say("desk.label_url"), data: { focus: "label_url" } });
  const code = h("input", { class: "input", autocomplete: "off", maxLength: 60, placeholder: say("desk.label_code"), "aria-label": say("desk.label_code"), data: { focus: "label_code" } });
  const send = h("button", { type: "submit", class: "button", data: { kind: "primary" } }, icon("check"), say("desk.approve"));
  const run = change("approve", () => ({ label_url: link.value.trim(), code: code.value.trim() }), say("desk.approved"));
  return h("form", {
    class: "inline-form",
    onsubmit: (event) => {
      event.preventDefault();
      busy(send, run);
    },
  }, link, code, send);
}

function rejecting(change) {
  const reason = h("input", { class: "input", required: true, maxLength: 500, placeholder: say("desk.reason"), "aria-label": say("desk.reason"), data: { focus: "reason" } });
  const send = h("button", { type: "submit", class: "button", data: { kind: "danger" } }, say("desk.reject"));
  const run = change("reject", () => ({ reason: reason.value.trim() }), say("desk.done"));
  return h("form", {
    class: "inline-form",
    onsubmit: (event) => {
      event.preventDefault();
      busy(send, run);
    },
  }, reason, send);
}
