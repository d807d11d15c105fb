// The desk's page: a key opens it, this tab remembers the key.
import { h, icon, say } from "../chat/dom.js";
import { Api } from "./api.js";
import { Desk } from "./desk.js";

const KEPT = "desk:key";
const $ = (id) => document.getElementById(id);
let desk = null;

const kept = sessionStorage.getItem(KEPT);
if (kept) open(kept);
else $("gate").hidden = false;

$("gate").onsubmit = async (event) => {
  event.preventDefault();
  const key = $("key").value.trim();
  $("go").setAttribute("aria-busy", "true");
  try {
    await new Api(key).get("/orders", { limit: 1 });
    sessionStorage.setItem(KEPT, key);
    open(key);
  } catch (error) {
    refuse(error);
  } finally {
    $("go").removeAttribute("aria-busy");
  }
};

function open(key) {
  $("gate").hidden = true;
  $("desk").hidden = false;
  const end = h("button", { type: "button", class: "icon-button", title: say("desk.leave"), "aria-label": say("desk.leave"), onclick: leave }, icon("lock"));
  desk = new Desk($("desk"), { api: new Api(key), left: refuse, end });
}

function leave() {
  sessionStorage.removeItem(KEPT);
  desk?.stop();
  $("desk").hidden = true;
  $("desk").replaceChildren();
  $("gate").hidden = false;
  $("key").value = "";
  $("key").focus();
}

function refuse(error) {
  if (desk) leave();
  desk = null;
  $("wrong").replaceChildren(icon("alert"), error.status ? say("desk.key_wrong") : say("desk.offline"));
  $("wrong").hidden = false;
  $("key").setAttribute("aria-invalid", "true");
}
