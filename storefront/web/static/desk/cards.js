// What a message showed beside its words: its picture, and goods as cards (small picture, title, price line).
import { config, h } from "../chat/dom.js";
import { picture } from "./draw.js";

/** The nodes to stand below the words of a message of the API. */
export function beside({ picture: shot, cards }) {
  return [
    shot && h("img", { class: "sent-picture", src: `${config.media}/media/${shot.image_id}/chat.jpg`, alt: shot.alt, loading: "lazy" }),
    cards?.length && h("ul", { class: "offers" }, cards.map(card)),
  ].filter(Boolean);
}

const card = ({ number, title, subtitle, image_id: image }) =>
  h("li", null, image && picture(image),
    h("span", { class: "grow" },
      h("span", { class: "row-title" }, number > 0 && h("span", { class: "number" }, number, " "), title),
      h("span", { class: "row-more" }, subtitle)));
