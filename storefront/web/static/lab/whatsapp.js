// WhatsApp's look, drawn from the Cloud API's own payloads.
import { h, icon, link, rich, safeUrl, say } from "../chat/dom.js";
import { photo, sentPhoto } from "./app.js";

const TICKS = { sent: "check", delivered: "checks", read: "checks", failed: "alert" };

export const whatsapp = {
  kind: "whatsapp",
  reads: true,
  subtitle: () => say("lab.business"),
  newPerson: () => `49151${String(10_000_000 + Math.floor(Math.random() * 89_999_999))}`,
  foot: () => [],
  tick: (status) => h("span", { class: "wa-tick", data: { state: status } }, icon(TICKS[status] ?? "clock", status)),
  draw: (entry, app) => (entry.by === "shop" ? shop(entry, app) : { bubble: person(entry) }),
};

const words = (text) => text && h("span", { class: "text" }, ...rich(text));

function shop(entry, app) {
  const { payload } = entry;
  switch (payload.type) {
    case "text":
      return { bubble: [words(payload.text.body)] };
    case "image":
      return { bubble: [photo(payload.image.link), words(payload.image.caption)] };
    case "document":
      return { bubble: [file(payload.document), words(payload.document.caption)] };
    case "template":
      return template(payload);
    case "interactive":
      return interactive(entry, payload.interactive, app);
    default:
      return { bubble: [words(`[${payload.type}]`)] };
  }
}

function file({ link: url, filename }) {
  const safe = safeUrl(url);
  const inside = [icon("file"), h("span", { class: "grow" }, filename || say("lab.file")), icon("download")];
  return safe ? h("a", { class: "doc", href: safe, target: "_blank", rel: "noopener" }, inside) : h("span", { class: "doc" }, inside);
}

function template({ template: use, rendered }) {
  const opens = (rendered?.buttons ?? []).map((each) => open(each.url, each.text));
  return { bubble: [h("span", { class: "made" }, say("lab.template")), words(rendered?.text ?? use.name)], below: opens };
}

function interactive(entry, part, app) {
  const header = part.header?.type === "image" ? photo(part.header.image.link) : words(part.header?.text && `*${part.header.text}*`);
  const inside = [header, words(part.body?.text), part.footer && h("small", { class: "footer" }, part.footer.text)];
  switch (part.type) {
    case "button":
      return { bubble: inside, below: part.action.buttons.map(({ reply }) => button(reply.title, () => app.tap(entry, reply.id), "return")) };
    case "list":
      return { bubble: inside, below: [button(part.action.button, () => app.open(part.action.button, rows(entry, part, app)), "menu")] };
    case "cta_url":
      return { bubble: inside, below: [open(part.action.parameters.url, part.action.parameters.display_text)] };
    case "location_request_message":
      return { bubble: inside, below: [button(say("lab.place"), () => app.place(), "pin")] };
    case "carousel":
      return { bubble: inside, below: [cards(entry, part.action.cards, app)], wide: true };
    default:
      return { bubble: inside };
  }
}

const rows = (entry, part, app) =>
  part.action.sections.flatMap((section) => section.rows).map((row) => ({ title: row.title, more: row.description, run: () => app.tap(entry, row.id) }));

function cards(entry, list, app) {
  return h("ul", { class: "cards", tabIndex: 0 }, list.map((card) =>
    h("li", null, photo(card.header.image.link), words(card.body?.text),
      h("span", { class: "card-buttons" },
        (card.action.buttons ?? []).map(({ quick_reply: reply }) => button(reply.title, () => app.tap(entry, reply.id), "return")),
        card.action.parameters && open(card.action.parameters.url, card.action.parameters.display_text)))));
}

function button(title, run, name) {
  return h("button", { type: "button", class: "wa-button", onclick: run }, icon(name), title);
}

function open(url, title) {
  const safe = safeUrl(url);
  if (!safe) return h("span", { class: "wa-button" }, title);
  const made = link(safe, icon("external"), title);
  made.className = "wa-button";
  return made;
}

function person({ payload, ...entry }) {
  switch (payload.type) {
    case "text":
      return [words(payload.text.body)];
    case "interactive":
      return [words((payload.interactive.button_reply ?? payload.interactive.list_reply)?.title)];
    case "button":
      return [words(payload.button.text)];
    case "image":
      return [sentPhoto(entry), words(payload.image.caption)];
    case "location":
      return [h("span", { class: "doc" }, icon("pin"), payload.location.name || say("lab.sent_place"))];
    case "order":
      return [h("span", { class: "doc" }, icon("cart"), say("lab.sent_cart")), words(payload.order.text)];
    default:
      return [words(`[${payload.type}]`)];
  }
}
