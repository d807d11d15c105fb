// The lab's page: phone, desk and tools; on a phone one of them at a time.
import { config } from "../chat/dom.js";
import { Api } from "../desk/api.js";
import { Desk } from "../desk/desk.js";
import { Tabs } from "../desk/tabs.js";
import { toast } from "../desk/toasts.js";
import { Phone } from "./phone.js";
import { Clock, Faults } from "./tools.js";

const $ = (id) => document.getElementById(id);

const phone = new Phone($("phone"));
const desk = new Desk($("desk"), { api: new Api(config.key), follow: true, left: (error) => toast(error.message, "bad") });
new Clock($("clock"), { moved: () => desk.soon(), ticked: (time) => phone.tell(time) });
new Faults($("faults"));
new Tabs($("views"), (view) => {
  document.body.dataset.view = view;
  if (view === "desk") desk.soon();
}).choose("phone");
