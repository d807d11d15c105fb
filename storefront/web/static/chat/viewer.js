// A picture, large, in a dialog that Escape, a tap outside or the cross closes.
import { h, icon, say } from "./dom.js";

export function view({ url, alt, caption }) {
  const close = () => dialog.close();
  const image = h("img", { src: url, alt: alt || "" });
  const dialog = h(
    "dialog",
    { class: "viewer", "aria-label": caption || alt || say("picture"), onclose: () => dialog.remove() },
    h("button", { class: "icon-button", "aria-label": say("close"), autofocus: true, onclick: close }, icon("close")),
    h("figure", null, image, caption && h("figcaption", null, caption)),
  );
  image.addEventListener("click", () => image.toggleAttribute("data-large"));
  dialog.addEventListener("click", (event) => event.target !== image && close());
  document.body.append(dialog);
  dialog.showModal();
}
