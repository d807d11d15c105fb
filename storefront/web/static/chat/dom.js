// Elements without innerHTML: whatever a message says stays text.
export const config = JSON.parse(document.getElementById("config").textContent);
const SVG = "http://www.w3.org/2000/svg";

/** A phrase of the page, its {marks} filled. */
export function say(key, values = {}) {
  return (config.say[key] ?? key).replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
}

/** An element: properties, `on…` listeners, data and aria attributes, then children. Empty children are left out. */
export function h(tag, given, ...children) {
  const element = document.createElement(tag);
  if (tag === "button") element.type = tag;
  for (const [name, value] of Object.entries(given ?? {})) {
    if ((value ?? false) === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => (child ?? false) !== false));
  return element;
}

export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${config.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** A round button with nothing but an icon. */
export const iconButton = (name, label, onclick, given) =>
  h("button", { class: "icon-button", "aria-label": label, onclick, ...given }, icon(name));

/** Words for those who hear the page. */
export const unseen = (words) => h("span", { class: "visually-hidden" }, words);

/** An address of http(s) only, or null. */
export function safeUrl(text) {
  try {
    const url = new URL(text, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(url, ...children) {
  const own = new URL(url).origin === location.origin;
  return h("a", { href: url, target: "_blank", rel: own ? "noopener" : "noopener noreferrer nofollow" }, ...children);
}

// Stars within words are no marks ("80*60*40 cm"), as in bots/messages/words.py. A browser without lookbehind would not
// even load this, so the letter before is matched too.
const MARKS = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]»“])|(^|[^*\p{L}\p{N}_])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![*\p{L}\p{N}_])/gu;

/** Text with *emphasis*, links and line breaks as nodes. */
export function rich(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    nodes.push(text.slice(from, match.index) + (match[2] ?? ""));
    const url = match[1] && safeUrl(match[1]);
    if (url) nodes.push(link(url, shortUrl(url)));
    else nodes.push(match[3] ? h("strong", null, match[3]) : match[0]);
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

function shortUrl(url) {
  const { host, pathname } = new URL(url);
  const path = pathname === "/" ? "" : pathname;
  return path.length > 26 ? `${host}${path.slice(0, 24)}…` : host + path;
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The page's language as the reader's region writes it, for times of day and dates: British clocks have 24 hours. */
export const tongue = navigator.languages.find((one) => one.startsWith(config.locale)) ?? config.locale;

const clock = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(tongue, { weekday: "long", day: "numeric", month: "long" });
export const timeOf = (ts) => clock.format(new Date(ts));

export function dayOf(ts) {
  const day = new Date(+ts);
  const today = new Date();
  const apart = Math.round((midnight(today) - midnight(day)) / 86_400_000);
  if (apart === 0) return say("today");
  if (apart === 1) return say("yesterday");
  return weekday.format(day);
}

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
