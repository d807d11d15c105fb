// A picture, large, in a dialog that Escape, a tap outside or the cross closes.
import { h, iconButton, say } from "./dom.js";

/** `small`: what is shown where the large one is not to be had (any more). */
export function view({ url, alt, caption, small }) {
  const close = () => dialog.close();
  const image = h("img", { src: url, alt: alt || "" });
  if (small) image.onerror = () => ([image.onerror, image.src] = [null, small]);
  const dialog = h(
    "dialog",
    { class: "viewer", "aria-label": caption || alt || say("picture"), onclose: () => dialog.remove() },
    iconButton("close", say("close"), close, { autofocus: true }),
    h("figure", null, image, caption && h("figcaption", null, caption)),
  );
  image.addEventListener("click", () => image.toggleAttribute("data-large"));
  dialog.addEventListener("click", (event) => event.target !== image && close());
  document.body.append(dialog);
  dialog.showModal();
}
