/* Puts a shop's chat on any page: <script async src="https://chat.example/widget.js" data-widget="…"></script>
 * Optional: data-locale, data-side="start", data-label. Calls: shopchat("open" | "close" | "toggle"),
 * shopchat("setUser", {jwt}), shopchat("setEntry", {code | product | cart}), shopchat("setLocale", {locale}),
 * shopchat("on", {event: "unread", then: fn}). */
(() => {
  "use strict";
  const script = document.currentScript;
  const { widget, shop, side = "end", label = "Chat" } = script.dataset;
  let { locale } = script.dataset;
  const home = new URL(script.src).origin;
  if (!widget && !shop) return console.error("shopchat: data-widget is missing");
  const page = () => {
    const query = new URLSearchParams({ embed: "1", ...(locale && { lang: locale }) });
    return `${home}/chat/${widget ? `w/${encodeURIComponent(widget)}` : encodeURIComponent(shop)}?${query}`;
  };
  const listeners = { unread: [] };
  const rtl = getComputedStyle(document.documentElement).direction === "rtl";
  const edge = (side === "start") !== rtl ? "left" : "right";
  let frame = null;
  let ready = false;
  let before = null; // what had the focus when the panel opened
  const later = [];

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark; }
    .launch { position: fixed; bottom: max(20px, env(safe-area-inset-bottom)); ${edge}: 20px; z-index: 2147483000;
      display: grid; place-items: center; width: 60px; height: 60px; border: 0; border-radius: 50%; cursor: pointer;
      background: #1d4d3a; color: #fff; box-shadow: 0 2px 6px rgb(0 0 0 / 15%), 0 10px 30px rgb(0 0 0 / 18%); }
    .launch:hover { background: #143828; }
    .launch:focus-visible { outline: 3px solid #8cc7a9; outline-offset: 3px; }
    .launch svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; top: -2px; ${edge}: -2px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box;
      border-radius: 11px; background: #a02a1c; color: #fff; font: 600 12px/22px system-ui, sans-serif; text-align: center; }
    .panel { position: fixed; bottom: 96px; ${edge}: 20px; z-index: 2147483000; width: 400px; max-width: calc(100vw - 40px);
      height: min(720px, calc(100dvh - 120px)); border: 0; border-radius: 18px; overflow: hidden; background: Canvas;
      box-shadow: 0 8px 16px rgb(0 0 0 / 10%), 0 24px 64px rgb(0 0 0 / 22%); }
    .panel iframe { width: 100%; height: 100%; border: 0; display: block; }
    [hidden] { display: none !important; }
    @media (max-width: 480px) { .panel:not([hidden]) ~ .launch { display: none; } .panel { inset: 0; width: 100%; max-width: none; height: 100dvh; border-radius: 0; } }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: rise .2s ease-out; } @keyframes rise { from { opacity: 0; translate: 0 12px; } } }`);
  root.adoptedStyleSheets = [sheet];

  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8.5L7 20.5V17H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z");
  svg.append(path);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "launch";
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-expanded", "false");
  const count = document.createElement("span");
  count.className = "count";
  count.hidden = true;
  button.append(svg, count);
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  // Whoever leaves the panel and its button by Tab comes in again at the other end.
  const [first, last] = [() => button, () => frame].map((next) => {
    const edge = document.createElement("span");
    edge.tabIndex = 0;
    edge.hidden = true;
    edge.addEventListener("focus", () => {
      next().focus();
      if (root.activeElement === edge) frame.focus(); // no button is shown on small screens
    });
    return edge;
  });
  root.append(first, panel, button, last);
  const show = (open) => {
    panel.hidden = first.hidden = last.hidden = !open;
    button.setAttribute("aria-expanded", open);
  };

  const tell = (verb, values = {}) => {
    const message = { shopchat: 1, verb, ...values };
    if (ready) frame.contentWindow.postMessage(message, home);
    else later.push(message);
  };
  const verbs = {
    open() {
      if (!frame) {
        frame = document.createElement("iframe");
        frame.src = page();
        frame.title = label;
        frame.allow = "payment; geolocation; clipboard-write";
        frame.onload = () => setTimeout(() => ready || console.error(`shopchat: no answer from ${home}; is ${location.origin} among the web chat's allowed_origins?`), 5000);
        panel.append(frame);
      }
      if (panel.hidden) before = document.activeElement;
      show(true);
      frame.focus();
      tell("open");
    },
    close() {
      if (panel.hidden) return;
      show(false);
      (before?.isConnected && before !== document.body && before !== host ? before : button).focus();
    },
    toggle: () => (panel.hidden ? verbs.open() : verbs.close()),
    setUser: ({ jwt }) => tell("setUser", { jwt }),
    setEntry: ({ code, product, cart }) => tell("setEntry", { code: code ?? (product ? `product_${product}` : `cart_${cart}`) }),
    setLocale(wanted) {
      ({ locale } = wanted);
      if (!frame) return;
      ready = false;
      frame.src = page();
    },
    on: ({ event, then }) => listeners[event]?.push(then),
  };
  button.addEventListener("click", verbs.toggle);
  addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && verbs.close());
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== home || !frame || source !== frame.contentWindow || data?.shopchat !== 1) return;
    if (data.verb === "close") verbs.close();
    if (data.verb === "ready") {
      ready = true;
      for (const message of later.splice(0)) tell(message.verb, message);
    }
    if (data.verb === "unread") {
      count.textContent = data.n;
      count.hidden = !data.n || !panel.hidden;
      for (const then of listeners.unread) then(data.n);
    }
  });

  const calls = window.shopchat?.q ?? [];
  window.shopchat = (verb, values = {}) => Object.hasOwn(verbs, verb) && verbs[verb](values);
  const attach = () => document.body.append(host);
  if (document.body) attach();
  else addEventListener("DOMContentLoaded", attach);
  for (const [verb, values] of calls) window.shopchat(verb, values);
})();
