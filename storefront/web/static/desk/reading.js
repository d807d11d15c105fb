// What the bot took a customer's message for, and why: closed until somebody asks.
import { config, h, icon, say } from "../chat/dom.js";
import { word } from "./draw.js";

/** `shown`: the ids of messages whose reading is open; it outlives drawing the thread anew. */
export function reading({ id, outcome }, shown) {
  const found = outcome?.reading;
  if (!found) return null;
  const facts = [
    ["read_change", found.cart_ops?.map(change)],
    ["read_search", Object.entries(found.search?.filters ?? {}).map(([name, value]) => `${word("slot", name)}: ${[value].flat().join(", ")}`)],
    ["read_missing", found.missing?.map((name) => word("slot", name))],
    ["read_why", found.why?.map(reason)],
    ["read_sure", found.confidence !== undefined && [percent(found.confidence)]],
  ].filter(([, rows]) => rows && rows.length);
  const toggled = (event) => shown[event.currentTarget.open ? "add" : "delete"](id);
  return h("details", { class: "reading", open: shown.has(id), ontoggle: toggled },
    h("summary", { data: { focus: `read ${id}` } },
      h("span", { class: "visually-hidden" }, say("desk.read_as"), ": "), h("span", null, found.intents.map((name) => word("intent", name)).join(" · ")), icon("down")),
    h("dl", null, facts.flatMap(([name, rows]) => [h("dt", null, say(`desk.${name}`)), ...rows.map((row) => h("dd", null, row))])));
}

const percent = (share) => `${Math.round(share * 100)} %`;

function change({ op, quantity, product, colour, size, line }) {
  const goods = [product, colour, size].filter(Boolean).join(", ") || (line ? say("desk.read_line", { n: line }) : "");
  return [word("op", op), [quantity && `${quantity} ×`, goods].filter(Boolean).join(" ")].filter(Boolean).join(": ");
}

// The reader gives its reasons in English; a phrase of the desk is found by those words, `{name}` stands for any.
const BECAUSE = "because.";
const templates = Object.keys(config.say).filter((id) => id.startsWith(BECAUSE) && id.includes("{"))
  .sort((one, other) => other.length - one.length)
  .map((id) => [id, new RegExp(`^${id.slice(BECAUSE.length).replace(/\{(\w+)\}/g, "(?<$1>.+)")}$`)]);

function reason(text) {
  if (BECAUSE + text in config.say) return say(BECAUSE + text);
  for (const [id, pattern] of templates) {
    const found = pattern.exec(text)?.groups;
    if (found) return say(id, { ...found, what: found.what?.split(", ").map(slot).join(", ") });
  }
  return text;
}

function slot(text) {
  const [name, value] = text.split("=");
  return [word("slot", name), value].filter(Boolean).join(": ");
}
