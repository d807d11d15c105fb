// Short news at the page's edge. The region is in the page from the start, so that screen readers hear it.
import { h, icon, say } from "../chat/dom.js";

const LASTS_MS = 5000;

export function toast(text, tone) {
  const shown = h("div", { class: "toast", data: tone ? { tone } : {} }, icon(tone === "bad" ? "alert" : "check"), h("span", null, text));
  document.getElementById("toasts").append(shown);
  setTimeout(() => shown.remove(), tone === "bad" ? 2 * LASTS_MS : LASTS_MS);
}

/** Run a change; a refusal is told in the server's own words. True when it went well. */
export async function told(change, well) {
  try {
    await change();
    if (well) toast(well);
    return true;
  } catch (error) {
    toast(say("desk.failed", { detail: error.status ? error.message : say("desk.offline") }), "bad");
    return false;
  }
}
