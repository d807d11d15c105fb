// What a message showed beside its words: its picture, and goods as cards (small picture, title, price line).
import { h, say } from "../chat/dom.js";
import { photo, picture, sized } from "./draw.js";

/** The nodes to stand below the words of a message of the API. What a shopper sent opens large. */
export function beside({ picture: shot, cards, direction }) {
  return [
    shot && (direction === "inbound" ? photo(shot.url, "", sent(shot, shot.alt || say("desk.photo"))) : sent(shot, shot.alt)),
    cards?.length && h("ul", { class: "offers" }, cards.map(card)),
  ].filter(Boolean);
}

const sent = ({ url }, alt) => h("img", { class: "sent-picture", src: sized(url, "chat.jpg"), alt, loading: "lazy" });

const card = ({ number, title, subtitle, image_id: image }) =>
  h("li", null, image && picture(image),
    h("span", { class: "grow" },
      h("span", { class: "row-title" }, number > 0 && h("span", { class: "number" }, number, " "), title),
      h("span", { class: "row-more" }, subtitle)));
