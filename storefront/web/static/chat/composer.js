// Where the shopper writes: grows with the words, takes pictures by button, paste and drop.
import { config, h, iconButton, say } from "./dom.js";
import { call } from "./session.js";

const MOST = 15 * 1024 * 1024;
const KEYBOARDS = {
  email: { inputMode: "email", autocomplete: "email" },
  phone: { inputMode: "tel", autocomplete: "tel" },
  quantity: { inputMode: "numeric" },
  name: { autocomplete: "name" },
  address: { autocomplete: "street-address" },
};

/** `on.text(words)`, `on.picture({upload_id, url, alt})`, `on.trouble(sentence)`. */
export class Composer {
  constructor(form, on) {
    this.on = on;
    this.form = form;
    this.box = form.querySelector("textarea");
    this.tray = form.querySelector("#tray");
    this.picker = form.querySelector("input[type=file]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("input", () => this.grow());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    form.querySelector("#attach").onclick = () => this.picker.click();
    this.picker.onchange = () => this.take(this.picker.files);
    this.box.addEventListener("paste", (event) => event.clipboardData.files.length && (event.preventDefault(), this.take(event.clipboardData.files)));
    addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files);
    });
    this.field(null);
    this.grow();
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.box.focus({ preventScroll: true });
  }

  fill(words) {
    this.box.value = words;
    this.grow();
  }

  /** The shop asks for something particular: the right keyboard and hint for it. */
  field(field) {
    Object.assign(this.box, { inputMode: "text", autocomplete: "off" }, KEYBOARDS[field?.type]);
    this.box.placeholder = config.say[`ask_${field?.type}`] ?? say("write");
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 176)}px`;
    this.form.dataset.empty = String(!this.box.value.trim() && !this.upload);
  }

  send() {
    const words = this.box.value.trim();
    const { upload } = this;
    if (upload ? !upload.upload_id : !words) return;
    // Characters as the shop counts them.
    const n = [...words].length;
    if (n > config.longest) return this.on.trouble(say("too_long", { n, most: config.longest }));
    if (upload) {
      this.on.picture({ ...upload, alt: words });
      this.discard();
    } else this.on.text(words);
    this.fill("");
    this.box.focus({ preventScroll: true });
  }

  async take(files) {
    const [first] = files;
    const picture = [...files].find(({ type }) => this.picker.accept.split(",").includes(type));
    this.picker.value = "";
    if (!picture) return this.on.trouble(say("only_pictures", { kind: first.name.split(".").pop().toUpperCase() }));
    if (picture.size > MOST) return this.on.trouble(say("too_large"));
    const upload = (this.upload = {});
    const preview = URL.createObjectURL(picture);
    const cross = iconButton("close", say("remove"), () => this.discard());
    this.tray.replaceChildren(h("img", { src: preview, alt: picture.name }), h("span", { class: "spinner" }), cross);
    this.tray.hidden = false;
    this.grow();
    try {
      const body = new FormData();
      body.append("file", picture);
      const answer = await call("/uploads", { method: "POST", body });
      const given = await answer.json();
      if (!answer.ok) throw new Error(given.code);
      Object.assign(upload, given);
      this.tray.querySelector(".spinner")?.remove();
    } catch (error) {
      if (this.upload === upload) this.discard();
      this.on.trouble(say(error.message === "rate_limited" ? "too_many" : "not_uploaded"));
    }
  }

  discard() {
    this.upload = null;
    this.tray.hidden = true;
    this.tray.replaceChildren();
    this.grow();
  }
}
