// Orders: what was bought, what was paid, what left; ship, cancel, refund.
import { h, icon, link, safeUrl, say } from "../chat/dom.js";
import { badge, busy, button, field, part, picture, section, sure, texts, word } from "./draw.js";
import { amount, money, when } from "./format.js";
import { Pages } from "./pages.js";
import { Pair } from "./pair.js";
import { told } from "./toasts.js";

const CARRIERS = ["DHL", "DPD", "GLS", "Hermes", "UPS"];
const TO_SHIP = ["paid", "fulfilling"];
const TO_CANCEL = ["awaiting_payment", "payment_pending", "paid", "exception"];
const GONE = ["failed", "canceled"];

export class Orders {
  name = "orders";
  icon = "receipt";

  constructor(desk) {
    this.desk = desk;
    this.shown = null;
    this.filter = {};
    this.pages = new Pages(desk.api, "/orders", { query: () => this.filter });
    this.pair = new Pair({
      follow: desk.follow,
      label: say("desk.orders"),
      row,
      chosen: (id, body) => this.#choose(id, body),
      older: async () => this.update(await this.pages.next()),
      none: ["receipt", say("desk.empty_orders")],
      hint: ["receipt", say("desk.choose_order")],
    });
    this.only = h("button", { type: "button", class: "chip", hidden: true, onclick: () => this.narrow({}) }, say("desk.one_conversation"), icon("close"));
    this.element = h("div", { class: "orders" }, this.only, this.pair.element);
  }

  list = () => this.pages.read();

  update(items) {
    this.pair.update(items, this.pages.more);
  }

  async refresh() {
    const { shown } = this;
    if (shown) shown(await this.pages.find(this.pair.id));
  }

  choose(id) {
    this.pair.choose(id);
  }

  /** Only the orders of one conversation, or all again. */
  narrow(filter) {
    this.filter = filter;
    this.pages.restart();
    this.only.hidden = !filter.conversation_id;
    this.desk.soon();
  }

  async #choose(id, body) {
    const view = detail(this.desk);
    this.shown = null;
    const order = await this.pages.find(id);
    if (this.pair.id !== id) return;
    view.fill(body, order);
    this.shown = view.show;
  }
}

function row(order) {
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return [
    h("span", { class: "stacked", "aria-hidden": "true" }, order.lines.slice(0, 2).map((line) => picture(line.image_id))),
    h("span", { class: "grow" },
      h("span", { class: "row-title numeric" }, order.number),
      h("span", { class: "row-more" }, order.delivery?.name ?? "", " · ", say("desk.units", { n: units }))),
    h("span", { class: "row-end" }, h("span", { class: "numeric row-sum" }, money(order.totals.total)), badge(order.state),
      order.undelivered_letters.length > 0 && h("span", { class: "badge", data: { tone: "warn" } }, icon("alert"), say("desk.undelivered"))),
  ];
}

/** The detail of an order: each part is redrawn only when it changes, so that a form in use stays as it is. */
function detail(desk) {
  const head = part(h("header", { class: "detail-head" }), (order) => [
    h("div", { class: "grow" }, h("h2", { class: "numeric" }, order.number, " ", badge(order.state)),
      h("p", { class: "row-more" }, when(order.placed_at), order.reason ? ` · ${word("why", order.reason)}` : "")),
    order.conversation_id && button(say("desk.open_thread"), () => desk.open("conversations", order.conversation_id), { kind: "quiet", name: "chat" }),
  ]);
  const doings = part(h("div", { class: "doings" }), (facts) => forms(desk, facts));
  const goods = part(h("div", { class: "blocks" }), (order) => [lines(order), totals(order)]);
  const letters = part(h("div", { class: "doings" }), ({ kinds, email }) => kinds.map((kind) =>
    h("p", { class: "notice", data: { tone: "warn" } }, icon("alert"), say(`desk.undelivered_${kind}`, { email }))));
  const facts = part(h("div", { class: "blocks" }), records);
  const show = (order) => [
    head({ number: order.number, state: order.state, placed_at: order.placed_at, reason: order.reason, conversation_id: order.conversation_id }),
    letters({ kinds: order.undelivered_letters, email: order.delivery?.email ?? "" }),
    doings({ id: order.id, state: order.state, back: refundable(order), units: refundableUnits(order), total: order.totals.total.minor, doubt: doubt(order) }),
    goods({ lines: order.lines, totals: order.totals, shipping: order.shipping }),
    facts({ delivery: order.delivery, payments: order.payments, refunds: order.refunds, fulfilments: order.fulfilments, events: order.events }),
  ];
  return { show, fill: (body, order) => body.replaceChildren(h("div", { class: "order" }, show(order))) };
}

/** What may still go back: captured less what is asked for or returned. */
function refundable({ payments, refunds, totals: { total } }) {
  const sum = (rows) => rows.reduce((all, { amount: { minor } }) => all + minor, 0);
  const paid = sum(payments.filter(({ state }) => state === "captured"));
  return { minor: paid - sum(refunds.filter(({ state }) => !GONE.includes(state))), currency: total.currency };
}

/** The lines of which units may still go back. */
const refundableUnits = ({ lines }) => lines.filter(({ refundable: left }) => left > 0).map(({ sku, title, variant_title: variant, refundable: left }) =>
  ({ sku, left, title: [title, variant].filter(Boolean).join(" · ") }));

/** Why a parcel should wait: the phrase that says so, or none. */
function doubt({ payments }) {
  if (payments.some(({ disputed }) => disputed)) return "desk.disputed";
  return payments.some(({ fraud_warned: warned }) => warned) ? "desk.fraud_warned" : "";
}

function forms(desk, { id, state, back, units, total, doubt }) {
  const change = (path, body, well) => async () => {
    await told(() => desk.api.post(`/orders/${id}/${path}`, body()), well);
    desk.soon();
  };
  return [
    doubt && h("p", { class: "notice", data: { tone: "warn" } }, say(doubt)),
    TO_SHIP.includes(state) && (back.minor > 0 || total === 0) && shipping(change, Boolean(doubt)),
    h("div", { class: "row" },
      back.minor > 0 && refunding(change, back, units),
      TO_CANCEL.includes(state) && sure(say("desk.cancel"), change("cancel", () => ({}), say("desk.done")), { name: "close" }),
      state === "fulfilling" && sure(say("desk.cancel_rest"), change("cancel-rest", () => ({}), say("desk.done")), { name: "close", ask: () => say("desk.cancel_rest_sure") })),
  ];
}

function shipping(change, doubtful) {
  const carrier = h("select", { name: "carrier", data: { focus: "carrier" } }, CARRIERS.map((name) => h("option", { value: name }, name)));
  const code = h("input", { name: "tracking_code", autocomplete: "off", data: { focus: "tracking" }, maxLength: 60 });
  const send = h("button", { type: "submit", class: "button", data: { kind: doubtful ? "danger" : "primary" } }, icon("truck"), doubtful ? say("desk.ship_disputed") : say("desk.ship"));
  const run = change("fulfilments", () => ({ carrier: carrier.value, tracking_code: code.value.trim(), despite_dispute: doubtful }), say("desk.shipped"));
  return h("form", {
    class: "inline-form",
    onsubmit: (event) => {
      event.preventDefault();
      busy(send, run);
    },
  }, field(say("desk.carrier"), carrier), field(say("desk.tracking"), code), send);
}

/** Money back: an amount, the rest, or what units of a line cost. */
function refunding(change, back, lines) {
  const typed = h("input", { inputMode: "decimal", autocomplete: "off", placeholder: money(back), data: { focus: "amount" }, "aria-label": say("desk.refund_amount") });
  const units = h("input", { type: "number", min: 1, value: 1, hidden: true, data: { focus: "units" }, "aria-label": say("desk.refund_units") });
  const wrong = h("span", { class: "error", role: "alert" });
  const of = h("select", { data: { focus: "refund_of" }, "aria-label": say("desk.refund_of"), onchange: () => {
    wrong.textContent = "";
    typed.hidden = Boolean(line());
    units.hidden = !line();
    units.max = line()?.left;
  } }, h("option", { value: "" }, say("desk.refund_sum")), lines.map(({ sku, title, left }) => h("option", { value: sku }, say("desk.refund_line", { title, n: left }))));
  const line = () => lines.find(({ sku }) => sku === of.value);
  const wanted = () => (typed.value.trim() ? amount(typed.value, back.currency) : back);
  const body = () => {
    if (line()) return { lines: [{ sku: line().sku, quantity: units.valueAsNumber }] };
    return typed.value.trim() ? { amount: wanted() } : {};
  };
  const ask = () => {
    const sum = wanted();
    const good = line() ? units.checkValidity() && units.value : sum && sum.minor > 0 && sum.minor <= back.minor;
    const input = line() ? units : typed;
    input.setAttribute("aria-invalid", !good);
    const bounds = line() ? say("desk.refund_units_wrong", { n: line().left }) : say("desk.refund_wrong", { amount: money(back) });
    wrong.textContent = good ? "" : bounds;
    if (good) return line() ? say("desk.refund_line_sure", { n: units.value, title: line().title }) : say("desk.refund_sure", { amount: money(sum) });
    input.focus();
    return null;
  };
  return h("span", { class: "field refund" }, lines.length > 0 && of, typed, units, sure(say("desk.refund"), change("refunds", body, say("desk.done")), { name: "return", ask, kind: null }), wrong);
}

const lines = (order) =>
  h("ul", { class: "goods" }, order.lines.map((line) =>
    h("li", null, picture(line.image_id),
      h("span", { class: "grow" }, h("span", { class: "row-title" }, line.title), h("span", { class: "row-more" }, [line.variant_title, line.sku].filter(Boolean).join(" · "))),
      h("span", { class: "row-end numeric" }, h("span", null, money(line.total)), h("span", { class: "row-more" }, `${line.quantity} × ${money(line.unit_price)}`),
        line.refundable < line.quantity && h("span", { class: "row-more" }, say("desk.refundable", { left: line.refundable, n: line.quantity }))))));

function totals({ totals: sums, shipping: way }) {
  const line = (name, sum, mark) => [h("dt", { class: mark }, name), h("dd", { class: mark }, money(sum))];
  return h("dl", { class: "facts" },
    line(say("desk.items"), sums.items),
    sums.discount.minor ? line(say("desk.discount"), { ...sums.discount, minor: -Math.abs(sums.discount.minor) }) : [],
    line([say("desk.shipping"), texts(way?.name)].filter(Boolean).join(" · "), sums.shipping),
    line(say("desk.total"), sums.total, "total"),
    line(say("desk.tax"), sums.tax, "muted"));
}

function records({ delivery, payments, refunds, fulfilments, events }) {
  const money_row = (each) => h("li", null, h("span", { class: "grow" }, h("span", { class: "numeric" }, money(each.amount)), each.lines?.length > 0 && h("span", { class: "row-more" }, contents(each.lines)), h("span", { class: "row-more code" }, each.failure ?? each.provider_id ?? "")), badge(each.state));
  return [
    delivery && section(say("desk.customer"), h("address", null, [delivery.name, delivery.street, [delivery.postal_code, delivery.city].filter(Boolean).join(" "), delivery.country, delivery.email].filter(Boolean).join("\n"))),
    payments.length > 0 && section(say("desk.payments"), h("ul", { class: "records" }, payments.map(money_row))),
    refunds.length > 0 && section(say("desk.refunds"), h("ul", { class: "records" }, refunds.map(money_row))),
    fulfilments.length > 0 && section(say("desk.parcels"), h("ul", { class: "records" }, fulfilments.map(parcel))),
    section(say("desk.timeline"), h("ol", { class: "timeline small" }, events.map((event) =>
      h("li", { data: { reached: "true" } }, word("event", event.type), " ", h("time", { class: "row-more numeric", dateTime: event.at }, when(event.at)))))),
  ];
}

const contents = (found) => found.map((line) => `${line.quantity} × ${line.sku}`).join(", ");

function parcel(each) {
  const code = each.tracking_url && safeUrl(each.tracking_url)
    ? link(safeUrl(each.tracking_url), each.tracking_code || say("desk.tracking"))
    : each.tracking_code;
  return h("li", null, h("span", { class: "grow" }, h("span", null, each.carrier, " ", code), h("span", { class: "row-more" }, contents(each.lines))), h("time", { class: "row-more numeric" }, when(each.shipped_at)));
}
