// The thread: bubbles in groups, days, ticks, the unread line; scrolls only when the reader is at its end.
import { draw } from "./cards.js";
import { config, dayOf, h, icon, say, timeOf, unseen } from "./dom.js";

const GROUP_MS = 180_000;
const BATCH_MS = 4_000;
const NEAR = 80;
const DOUBLE_MS = 500;
const FINGER = 24;
const TICKS = { pending: "clock", sent: "check", delivered: "checks", read: "checks", failed: "alert" };

/** `on.act(seq, action)`, `on.type(words)`, `on.older(seq)`, `on.read(seq)`, `on.field(field)`, `on.unread(n)`. */
export class Thread {
  constructor(scroller, on) {
    this.on = on;
    this.scroller = scroller;
    this.list = scroller.querySelector("#thread");
    this.said = document.getElementById("said");
    this.pill = document.getElementById("pill");
    this.dots = h("div", { class: "bubble dots", role: "status" }, h("i"), h("i"), h("i"));
    this.typing = h("li", { class: "message", hidden: true, data: { first: "true", last: "true" } }, this.dots);
    this.replies = h("li", { class: "replies", hidden: true });
    this.list.append(this.typing, this.replies);
    this.clear();
    this.pill.onclick = () => {
      this.head = null;
      this.toEnd("smooth");
    };
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    scroller.addEventListener("click", (event) => this.tapped(event), { capture: true });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.list);
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(scroller);
    document.addEventListener("visibilitychange", () => !document.hidden && this.seen());
  }

  clear() {
    for (const node of [...this.list.children]) if (node !== this.typing && node !== this.replies) node.remove();
    this.cursor = this.first = null;
    this.more = false;
    this.unread = this.seenUpTo = this.readUpTo = 0;
    this.pending = new Map();
    this.told = new Set();
    this.stuck = true;
  }

  /** The last events, as a session or the history gives them. */
  load(events, { more, readSeq, seenSeq = 0 }) {
    const waiting = [...this.pending.values()].map((row) => row.frame);
    this.clear();
    this.more = more;
    this.readUpTo = readSeq ?? events.at(-1)?.seq ?? 0;
    this.seenUpTo = seenSeq;
    for (const event of events) this.add(event, { quiet: true });
    this.cursor ??= 0;
    for (const frame of waiting) this.wait(frame);
    this.toEnd();
  }

  /** Events before the first one; the reader's place stays. */
  prepend(events, more) {
    this.more = more;
    const old = this.scroller.scrollHeight - this.scroller.scrollTop;
    const rest = [...this.list.querySelectorAll(".message[data-seq], .day, .fresh")];
    const anchor = rest[0];
    for (const event of events) {
      const row = this.row(event);
      if (row) this.list.insertBefore(row, anchor ?? this.typing);
    }
    this.first = events[0]?.seq ?? this.first;
    this.regroup();
    this.scroller.scrollTop = this.scroller.scrollHeight - old;
  }

  add(event, { quiet = false } = {}) {
    if (event.kind === "typing") return this.showTyping(event.on, event.author.type);
    if (event.kind === "read") return this.markSeen(event.upto_seq);
    if (this.cursor !== null && event.seq <= this.cursor) return;
    this.cursor = event.seq;
    this.first ??= event.seq;
    const own = event.author.type === "customer";
    if (own) {
      this.told.add(event.cid);
      this.drop(event.cid);
    }
    const row = this.row(event);
    if (!own) this.showTyping(false);
    if (!row) return;
    if (!own && event.seq > this.readUpTo && !this.list.querySelector(".fresh") && (quiet || document.hidden || !this.stuck)) {
      this.list.insertBefore(h("li", { class: "fresh", role: "separator" }, say("unread")), this.end());
    }
    this.list.insertBefore(row, this.end());
    if (own || quiet) this.head = null;
    else if (!(Date.now() - this.headAt < BATCH_MS)) [this.head, this.headAt] = [row, Date.now()];
    this.regroup(row);
    if (own) {
      this.headAt = 0;
      this.offer(null);
      this.list.querySelector(".fresh")?.remove();
    } else {
      this.markSeen(event.seq - 1);
      this.offer(event);
      this.on.field(event.content?.type === "form" ? event.content.fields?.[0] : null);
      if (!quiet) this.announce(event);
    }
    this.settled(quiet);
  }

  /** A frame of one's own that is not acknowledged yet; its event may have come all the same. */
  wait(frame) {
    if (!frame.shown || this.pending.has(frame.cid) || this.told.has(frame.cid)) return;
    const event = { author: { type: "customer" }, ts: new Date(frame.at || Date.now()).toISOString(), content: frame.shown, cid: frame.cid };
    const row = this.row(event);
    row.frame = frame;
    this.tick(row, "pending");
    this.pending.set(frame.cid, row);
    this.list.insertBefore(row, this.typing);
    this.regroup(row);
    this.offer(null);
    this.settled(true);
  }

  acked(cid) {
    const row = this.pending.get(cid);
    if (row) this.tick(row, "sent");
  }

  failed(cid, note) {
    const row = this.pending.get(cid);
    if (!row) return;
    this.tick(row, "failed");
    row.querySelector(".meta").prepend(h("span", null, note));
  }

  drop(cid) {
    this.pending.get(cid)?.remove();
    this.pending.delete(cid);
  }

  end() {
    return this.pending.values().next().value ?? this.typing;
  }

  act(...given) {
    this.acted = this.tap;
    this.on.act(...given);
  }

  /** An action scrolls the thread at once: the second half of a double tap, wherever it lands, does nothing. */
  tapped(event) {
    if (!isDouble(this.acted, event)) return (this.tap = event);
    event.preventDefault();
    event.stopPropagation();
  }

  row(event) {
    if (!event.content) return null;
    const own = event.author.type === "customer";
    const act = (action) => this.act(event.seq, action);
    const bubble = h("div", { class: "bubble", data: { type: event.content.type } }, draw(event.content, act, (words) => {
      this.acted = this.tap;
      this.on.type(words);
    }));
    if (event.author.type === "agent") bubble.prepend(h("p", { class: "speaker" }, event.author.name || say("team")));
    bubble.append(h("p", { class: "meta" }, h("time", { dateTime: event.ts }, timeOf(event.ts)), own && h("span", { class: "tick" })));
    const who = unseen(own ? say("you_said") : say("name_said", { name: event.author.name || config.name }));
    bubble.prepend(who);
    const row = h("li", { class: "message", data: { author: event.author.type, at: Date.parse(event.ts), seq: event.seq ?? "" } }, bubble);
    row.event = event;
    if (own && event.seq) this.tick(row, event.seq <= this.seenUpTo ? "read" : "delivered");
    return row;
  }

  tick(row, state) {
    const place = row.querySelector(".tick");
    place.dataset.state = state;
    place.replaceChildren(icon(TICKS[state], say(`tick_${state}`)));
  }

  markSeen(seq) {
    if (seq <= this.seenUpTo) return;
    for (const row of this.list.querySelectorAll('.message[data-author="customer"]')) {
      const own = Number(row.dataset.seq);
      if (own > this.seenUpTo && own <= seq) this.tick(row, "read");
    }
    this.seenUpTo = seq;
  }

  showTyping(on, who = "bot") {
    if (this.typing.hidden === !on) return;
    this.typing.dataset.author = who;
    this.dots.setAttribute("aria-label", say(who === "agent" ? "team_typing" : "typing"));
    this.typing.hidden = !on;
    this.settled(false);
  }

  /** Answers below the last bubble; gone once something was said. */
  offer(event) {
    const replies = event?.quick_replies ?? [];
    const pick = (reply) => this.act(event.seq, { id: "quick_reply", value: { id: reply.id }, title: reply.title });
    this.replies.hidden = !replies.length;
    this.replies.replaceChildren(
      ...replies.map((reply) => h("button", { class: "button", data: { size: "s" }, onclick: () => pick(reply) }, reply.title)),
    );
  }

  /** Set days and groups anew: around one row, or everywhere. */
  regroup(only) {
    const rows = [...this.list.querySelectorAll(".message[data-at]")];
    const from = only ? Math.max(0, rows.indexOf(only) - 1) : 0;
    if (!only) for (const day of this.list.querySelectorAll(".day")) day.remove();
    for (let index = from; index < rows.length; index++) {
      const [before, row, after] = [rows[index - 1], rows[index], rows[index + 1]];
      const newDay = !before || dayOf(before.dataset.at) !== dayOf(row.dataset.at);
      if (newDay && !row.previousElementSibling?.matches(".day, .day + .fresh")) {
        const fresh = row.previousElementSibling?.matches(".fresh") ? row.previousElementSibling : row;
        this.list.insertBefore(h("li", { class: "day", role: "separator" }, dayOf(row.dataset.at)), fresh);
      }
      row.dataset.first = !together(before, row) || newDay;
      row.dataset.last = !together(row, after);
    }
  }

  announce(event) {
    const { content } = event;
    const what = [content.text, content.title, content.items?.map((item) => `${item.title}, ${item.subtitle}`).join("; ")];
    clearTimeout(this.hush);
    this.hush = setTimeout(() => (this.said.textContent = ""), 1_500);
    this.said.textContent = `${config.name}: ${what.filter(Boolean).join(". ").replaceAll("*", "")}`;
  }

  settled(follow) {
    if (follow || this.stuck) this.toEnd();
    else this.waiting();
    this.seen();
  }

  waiting() {
    const last = this.list.querySelectorAll('.message[data-seq]:not([data-author="customer"])');
    this.unread = [...last].filter((row) => Number(row.dataset.seq) > this.readUpTo).length;
    this.pill.hidden = !this.unread;
    this.pill.querySelector("span").textContent = say(this.unread === 1 ? "new_one" : "new_many", { n: this.unread });
  }

  /** To the end; but what just came is shown from its beginning when it is taller than the window. */
  toEnd(behavior = "instant") {
    this.stuck = true;
    this.scroller.scrollTo({ top: this.place(), behavior });
  }

  place() {
    const { scrollHeight, clientHeight } = this.scroller;
    const end = scrollHeight - clientHeight;
    return this.head?.isConnected ? Math.min(end, this.head.offsetTop - 12) : end;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR || Math.abs(scrollTop - this.place()) < 4;
    if (this.stuck) this.seen();
    if (scrollTop < 400 && this.more && this.first > 1) {
      this.more = false;
      this.on.older(this.first);
    }
  }

  seen() {
    if (document.hidden || !this.stuck || this.cursor === null) return this.on.unread(this.unread + Number(document.hidden));
    this.pill.hidden = true;
    this.unread = 0;
    this.on.unread(0);
    if (this.cursor > this.readUpTo) this.on.read((this.readUpTo = this.cursor));
  }
}

function together(one, other) {
  return Boolean(one && other) && one.dataset.author === other.dataset.author && other.dataset.at - one.dataset.at < GROUP_MS
    && dayOf(one.dataset.at) === dayOf(other.dataset.at);
}

/** A mouse counts its clicks by itself; fingers do not. */
function isDouble(before, tap) {
  const near = () => tap.pointerType === "touch" && Math.hypot(tap.clientX - before.clientX, tap.clientY - before.clientY) < FINGER;
  return before && tap.timeStamp - before.timeStamp < DOUBLE_MS && (tap.target === before.target || tap.detail > 1 || near());
}
