// Small pieces that every part of the desk is drawn from.
import { config, h, icon, say } from "../chat/dom.js";

const TONES = {
  paid: "good", captured: "good", succeeded: "good", refunded: "good", fulfilled: "good",
  payment_pending: "info", fulfilling: "info", approved: "info", received: "info", pending: "info", open: "info",
  requested: "warn", awaiting_payment: "warn", exception: "bad", failed: "bad",
};

/** A phrase, or the key's last word made readable where no phrase is known. */
export function word(group, key) {
  const id = `${group}.${key}`;
  return config.say[id] ?? String(key).replaceAll("_", " ");
}

/** A text in the page's language, or in another that there is. */
export const texts = (found) => (typeof found === "string" ? found : (found?.[config.locale] ?? Object.values(found ?? {})[0] ?? ""));

export const badge = (state) => h("span", { class: "badge", data: TONES[state] ? { tone: TONES[state] } : {} }, word("state", state));

/** A part of the page that is drawn anew only when what it shows has changed. The focus stays where it was. */
export function part(element, draw) {
  let shown;
  return (data) => {
    const mark = JSON.stringify(data);
    if (mark === shown) return element;
    shown = mark;
    const focus = element.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    element.replaceChildren(...[draw(data)].flat(2).filter(Boolean));
    if (focus) element.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    return element;
  };
}

export function picture(imageId, alt = "") {
  if (!imageId) return h("span", { class: "thumb", "aria-hidden": "true" }, icon("image"));
  return thumb(`${config.media}/media/${imageId}/thumb.webp`, alt);
}

const thumb = (src, alt) => h("span", { class: "thumb" }, h("img", { src, alt, loading: "lazy", width: 48, height: 60 }));

/** The address of a picture in another size. */
export const sized = (url, name) => url.replace("/photo.jpg", `/${name}`);

/** What a person photographed: a picture that opens large. */
export const photo = (url, alt, small = thumb(sized(url, "thumb.webp"), alt)) => h("a", { href: url, target: "_blank", rel: "noopener" }, small);

export const empty = (name, text) => h("div", { class: "empty" }, icon(name), h("p", null, text));

/** A button that runs something once at a time and shows that it does. */
export function button(text, run, { kind, name, size = "s", focus = text } = {}) {
  const made = h("button", { type: "button", class: "button", data: { size, focus, ...(kind && { kind }) } }, name && icon(name), h("span", null, text));
  made.onclick = () => busy(made, run);
  return made;
}

export async function busy(made, run) {
  if (made.getAttribute("aria-busy") === "true") return;
  made.setAttribute("aria-busy", "true");
  try {
    await run();
  } finally {
    made.removeAttribute("aria-busy");
  }
}

/** A button that asks back in its own place before it acts. */
export function sure(text, run, { kind = "danger", name, ask = () => say("desk.sure") } = {}) {
  const group = h("span", { class: "sure", role: "group" });
  const calm = () => {
    group.replaceChildren(first);
    first.focus();
  };
  const first = button(text, async () => {
    const question = ask();
    if (!question) return;
    const yes = button(text, run, { kind, focus: `${text}!` });
    group.replaceChildren(h("span", { class: "ask" }, question), yes, button(say("desk.no"), calm, { kind: "quiet" }));
    yes.focus();
  }, { kind, name });
  group.append(first);
  group.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !group.contains(first)) calm();
  });
  return group;
}

export function field(label, control) {
  const id = `f${(field.count = (field.count ?? 0) + 1)}`;
  control.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

export function section(title, ...children) {
  return h("section", { class: "block" }, h("h3", null, title), ...children);
}
