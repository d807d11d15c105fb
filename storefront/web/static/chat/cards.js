// What a message looks like, by its content's type. Each drawer gives nodes for inside the bubble.
import { h, icon, iconButton, link, rich, safeUrl, say, unseen } from "./dom.js";
import { view } from "./viewer.js";

/** Draw a message's content. `act(action)` and `type(words)` answer it. */
export function draw(content, act, type) {
  const drawer = DRAWERS[content.type] ?? ((unknown) => [words(unknown.text ?? say("unsupported"))]);
  return drawer(content, act, type).flat().filter(Boolean);
}

const DRAWERS = {
  text: (content, act) => [words(content.text), buttons(content.actions, act)],
  form: (content, act) => [
    words(content.text),
    content.location && button({ title: say("share_location") }, () => act({ id: "share_location" }), "pin"),
    buttons(content.actions, act),
  ],
  image: (content, act, type) => (content.items ? lookbook(content, act, type) : photo(content, act)),
  location: (content) => [h("p", { class: "place" }, icon("pin"), content.label || say("place_sent"))],
  file: (content) => [words(content.text), file(content)],
  choice: (content, act) => [
    words(content.text),
    h("ul", { class: "choices" }, content.options.map((option) => h("li", null, choice(option, act)))),
    buttons(content.actions, act),
  ],
  product: (content, act, type) => [product(content, act, type, { large: true })],
  carousel: (content, act, type) => [words(content.text), carousel(content.items, act, type), buttons(content.actions, act)],
  cart: (content, act) => [words(content.text), lines(content), buttons(content.actions, act)],
  checkout: (content, act) => [
    words(content.text),
    lines(content),
    total(content),
    buttons(content.actions, act),
    h("p", { class: "fine" }, icon("lock"), say("pay_note")),
  ],
  order: (content, act) => [
    words(content.text),
    lines(content),
    timeline(content.timeline),
    content.url && safeUrl(content.url) && buttons([{ title: say("open_order"), url: content.url }], act),
    buttons(content.actions, act),
  ],
};

export function words(text) {
  return text ? h("p", { class: "words" }, rich(text)) : null;
}

function buttons(actions, act) {
  if (!actions?.length) return null;
  return h("div", { class: "actions" }, actions.map((action) => button(action, act)));
}

function button(action, act, sign) {
  const url = action.url && safeUrl(action.url);
  const made = url
    ? link(url, action.title, !action.primary && icon("external"))
    : h("button", { onclick: () => act(action) }, sign && icon(sign), action.title);
  made.className = "button";
  if (action.primary) made.dataset.kind = "primary";
  return made;
}

function choice(option, act) {
  const pick = () => act({ id: "choice", value: { id: option.id }, title: option.title });
  return h(
    "button",
    { class: "choice", onclick: pick },
    h("span", null, h("span", null, option.title), option.subtitle && h("small", null, option.subtitle)),
    icon("right"),
  );
}

function picture(image, { sizes, eager } = {}) {
  const made = h("img", { alt: image.alt || "", decoding: "async", loading: eager ? "eager" : "lazy" });
  if (image.url_2x) {
    made.srcset = `${image.url} 360w, ${image.url_2x} 720w`;
    made.sizes = sizes ?? "11.5rem";
  }
  made.onerror = () => made.closest("[data-frame]")?.setAttribute("data-broken", "");
  made.src = image.url;
  if (image.w && image.h) [made.width, made.height] = [image.w, image.h];
  return made;
}

function photo(content, act) {
  const shown = picture(content, { eager: true });
  const open = () => view({ url: content.full || content.url, alt: content.alt, small: shown.src });
  return [
    h("button", { class: "photo", data: { frame: "" }, "aria-label": say("enlarge", { what: content.alt || say("picture") }), onclick: open }, shown),
    words(content.text),
    buttons(content.actions, act),
  ];
}

/** A product card: picture 4:5, name, price, sizes to tap, what one can do. */
export function product(card, act, type, { large = false } = {}) {
  const open = () => card.image && view({ url: card.image.full, alt: card.image.alt || card.title, caption: `${card.title} · ${card.subtitle}` });
  return h(
    "article",
    { class: "product", data: { large, soldOut: Boolean(card.sold_out) } },
    h(
      "button",
      { class: "frame", data: { frame: "" }, "aria-label": say("enlarge", { what: card.title }), onclick: open },
      card.image && picture(card.image, { sizes: large ? "17rem" : undefined, eager: large }),
      card.number ? h("span", { class: "number", "aria-hidden": "true" }, card.number) : null,
      card.sold_out && h("span", { class: "badge" }, say("sold_out")),
    ),
    h("h3", null, card.number > 0 && unseen(`${card.number}. `), card.title),
    h("p", { class: "price" }, card.subtitle),
    large && words(details(card)),
    sizes(card, type),
    buttons(card.actions, act),
  );
}

function sizes(card, type) {
  if (card.sold_out || !card.options?.length) return null;
  return h("ul", { class: "sizes", "aria-label": say("sizes") }, card.options.map((size) => h("li", null, sizeChip(card, size, type))));
}

function sizeChip(card, size, type) {
  const said = card.number ? say("number_in_size", { number: card.number, size }) : say("in_size", { size, title: card.title });
  return h("button", { class: "chip", "aria-label": said, onclick: () => type(said) }, size);
}

function details(content) {
  const [first, ...rest] = (content.text ?? "").split("\n");
  return (first.includes(content.title) ? rest : [first, ...rest]).join("\n").trim();
}

function carousel(items, act, type) {
  const track = h("ul", { class: "track", tabIndex: 0, role: "group", "aria-label": say("products", { n: items.length }) });
  track.append(...items.map((card) => h("li", null, product(card, act, type))));
  const step = (by) => track.scrollBy({ left: by * (track.firstChild.offsetWidth + 12) * (document.dir === "rtl" ? -1 : 1), behavior: "smooth" });
  track.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.target !== track) return;
    event.preventDefault();
    step(document.dir === "rtl" ? -by : by);
  });
  const back = iconButton("left", say("back"), () => step(-1), { data: { side: "start" } });
  const on = iconButton("right", say("forward"), () => step(1), { data: { side: "end" } });
  const ends = () => {
    const at = Math.abs(track.scrollLeft);
    back.hidden = at < 8;
    on.hidden = at > track.scrollWidth - track.clientWidth - 8;
  };
  track.addEventListener("scroll", ends, { passive: true });
  new ResizeObserver(ends).observe(track);
  return h("div", { class: "carousel" }, back, track, on);
}

function lookbook(content, act, type) {
  const scene = picture(content, { eager: true });
  const list = content.items.map((card) => lookRow(card, act, type));
  const spots = content.items.map(({ at, number, title, subtitle }, n) => at && h("button", {
    class: "hotspot", "aria-label": `${number}: ${title}, ${subtitle}`, style: `left:${at[0] * 100}%;top:${at[1] * 100}%`,
    onclick: () => list[n].focus(),
  }));
  const open = () => view({ url: content.full || content.url, alt: content.alt, caption: content.title });
  return [
    h("div", { class: "scene", data: { frame: "" } }, scene, spots,
      iconButton("search", say("enlarge", { what: content.title }), open)),
    content.title && h("h3", { class: "look-title" }, content.title),
    h("ul", { class: "look" }, list),
    h("p", { class: "hint" }, say("look_hint")),
    buttons(content.actions, act),
  ];
}

function lookRow(card, act, type) {
  return h(
    "li",
    { tabIndex: -1, data: { soldOut: Boolean(card.sold_out) } },
    h("span", { class: "number" }, card.number),
    h("span", { class: "grow" }, h("span", { class: "title" }, card.title), h("span", { class: "price" }, card.sold_out ? say("sold_out") : card.subtitle)),
    sizes(card, type),
  );
}

/** Lines with pictures; only the pictures when the text has said the rest. */
function lines(content) {
  if (!content.lines?.length) return null;
  const told = content.lines.every((line) => content.text?.includes(line.title));
  const thumb = (line) =>
    h("span", { class: "thumb", data: { frame: "" } }, line.image && picture(line.image, { sizes: "3.5rem" }), line.quantity > 1 && h("span", { class: "times" }, line.quantity));
  if (told) {
    const pictured = content.lines.filter((line) => line.image);
    return pictured.length ? h("div", { class: "strip", "aria-hidden": "true" }, pictured.map(thumb)) : null;
  }
  return h(
    "ul",
    { class: "lines" },
    content.lines.map((line) =>
      h("li", null, thumb(line), h("span", { class: "grow" }, `${line.quantity > 1 ? `${line.quantity} × ` : ""}${line.title}`), h("span", { class: "numeric" }, line.total)),
    ),
  );
}

function total(content) {
  if (!content.total || !content.lines?.length) return null;
  return h("p", { class: "sum" }, h("span", null, say("total")), h("strong", { class: "numeric" }, content.total));
}

function timeline(steps) {
  if (!steps?.length) return null;
  const step = ({ label, reached }) =>
    h("li", { data: { reached } }, label, reached && unseen(` (${say("done")})`));
  return h("ol", { class: "timeline" }, steps.map(step));
}

function file(content) {
  const url = safeUrl(content.url);
  if (!url) return null;
  const made = link(url, icon("file"), h("span", { class: "grow" }, content.name), icon("download"));
  made.className = "file";
  return made;
}
