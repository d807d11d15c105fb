// The goods that a message showed, as cards: small picture, title, price line.
import { h } from "../chat/dom.js";
import { picture } from "./draw.js";

/** `found`: the cards of a message of the API, or nothing. */
export function cards(found) {
  if (!found?.length) return null;
  return h("ul", { class: "offers" }, found.map(card));
}

const card = ({ number, title, subtitle, image_id: image }) =>
  h("li", null, picture(image),
    h("span", { class: "grow" },
      h("span", { class: "row-title" }, number > 0 && h("span", { class: "number" }, number, " "), title),
      h("span", { class: "row-more" }, subtitle)));
