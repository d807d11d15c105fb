// Telegram's look, drawn from the Bot API's own messages: entities become elements, never HTML.
import { h, icon, link, safeUrl, say } from "../chat/dom.js";
import { money } from "../desk/format.js";
import { photo, sentPhoto } from "./app.js";

const MARKS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "code" };

export const telegram = {
  kind: "telegram",
  reads: false,
  subtitle: () => say("lab.bot"),
  newPerson: () => String(100_000_000 + Math.floor(Math.random() * 800_000_000)),
  tick: () => h("span", { class: "wa-tick" }, icon("checks")),

  foot(thread, app) {
    if (thread.blocked) return [wide(say("lab.unblock"), () => app.act("unblock"))];
    if (!thread.started) return [wide(say("lab.start"), () => app.start())];
    const keyboard = thread.messages.findLast((entry) => entry.by === "shop")?.payload.reply_markup?.keyboard;
    const answered = thread.messages.at(-1)?.by === "person";
    if (!keyboard || answered) return [];
    return keyboard.flat().map((key) => wide(key.text, () => (key.request_location ? app.place() : app.say(key.text))));
  },

  draw: (entry, app) => (entry.by === "shop" ? shop(entry, app) : { bubble: person(entry) }),
};

const wide = (text, run) => h("button", { type: "button", class: "tg-wide", onclick: run }, text);

/** The words with their entities; offsets count UTF-16 units, as JavaScript's strings do. */
function marked(text = "", entities = []) {
  if (!text) return null;
  const nodes = [];
  let from = 0;
  for (const { type, offset, length, url } of [...entities].sort((a, b) => a.offset - b.offset)) {
    if (offset < from) continue; // one mark inside another: the outer one is enough
    nodes.push(text.slice(from, offset), mark(type, text.slice(offset, offset + length), url));
    from = offset + length;
  }
  return h("span", { class: "text" }, ...[...nodes, text.slice(from)].flatMap((node) => (typeof node === "string" ? linked(node) : [node])));
}

function mark(type, words, url) {
  const safe = type === "text_link" && safeUrl(url);
  if (safe) return link(safe, words);
  return MARKS[type] ? h(MARKS[type], null, words) : words;
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/).map((piece, index) => (index % 2 ? link(safeUrl(piece), piece) : piece)).filter(Boolean);
}

function shop(entry, app) {
  const { message, photo: url, document: fileUrl } = entry.payload;
  const bubble = [
    message.photo && photo(url),
    message.document && doc(fileUrl, message.document.file_name),
    message.invoice && h("span", { class: "invoice" }, h("strong", null, message.invoice.title), h("span", null, message.invoice.description)),
    marked(message.text ?? message.caption, message.entities ?? message.caption_entities),
  ];
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const below = rows.map((row) => h("div", { class: "tg-row" }, row.map((each) => key(entry, each, app))));
  if (message.invoice) {
    const sum = money({ minor: message.invoice.total_amount, currency: message.invoice.currency });
    below.push(h("div", { class: "tg-row" }, h("button", { type: "button", class: "tg-key", onclick: () => app.act("pay", { message_id: entry.id }) }, `${say("lab.pay_invoice")} ${sum}`)));
  }
  return { bubble, below };
}

function key(entry, each, app) {
  const safe = each.url && safeUrl(each.url);
  if (safe) {
    const made = link(safe, each.text, icon("external"));
    made.className = "tg-key";
    return made;
  }
  return h("button", { type: "button", class: "tg-key", onclick: (event) => pressed(event.currentTarget, app.tap(entry, each.callback_data)) }, each.text);
}

async function pressed(made, done) {
  made.setAttribute("aria-busy", "true");
  await done;
  made.removeAttribute("aria-busy");
}

function doc(url, name) {
  const safe = safeUrl(url);
  const inside = [icon("file"), h("span", { class: "grow" }, name || say("lab.file")), icon("download")];
  return safe ? h("a", { class: "doc", href: safe, target: "_blank", rel: "noopener" }, inside) : h("span", { class: "doc" }, inside);
}

function person({ payload, ...entry }) {
  if (payload.photo) return [sentPhoto(entry), marked(payload.caption)];
  if (payload.location) return [h("span", { class: "doc" }, icon("pin"), say("lab.sent_place"))];
  if (payload.successful_payment) {
    const { total_amount: minor, currency } = payload.successful_payment;
    return [h("span", { class: "doc" }, icon("check"), money({ minor, currency }))];
  }
  return [marked(payload.text ?? `[${Object.keys(payload).at(-1)}]`)];
}
