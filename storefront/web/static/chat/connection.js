// The line to the shop: WebSocket first, server-sent events when that fails; resumes where it broke; loses nothing.
import { config, zone } from "./dom.js";
import * as session from "./session.js";

const ACK_MS = 10_000;
const CAP_MS = 30_000;
const FALLBACK_MS = 600_000;
// WebSocket.OPEN, also where there is no WebSocket.
const OPEN = 1;

/** Calls `on.event(frame)`, `on.state("online"|"connecting"|"offline"|"refused")`, `on.reload(session)`,
 * `on.acked(cid, seq)`, `on.refused(cid, code, retryMs)`. `on.cursor()` is the last number the page has. */
export class Connection {
  constructor(on) {
    this.on = on;
    this.tries = 0;
    this.failed = [];
    this.plainUntil = 0;
    this.waiting = new Map(session.waiting().map((frame) => [frame.cid, frame]));
    addEventListener("online", () => (this.open ? this.on.state("online") : this.now()));
    addEventListener("offline", () => this.on.state("offline"));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.open) this.now();
    });
  }

  start() {
    this.stopped = false;
    this.connect();
  }

  /** Reconnect at once instead of waiting. */
  now() {
    if (this.stopped || this.open) return;
    clearTimeout(this.timer);
    this.tries = 0;
    this.connect();
  }

  /** Send a frame until it is answered; survives reloads. */
  send(frame) {
    this.waiting.set(frame.cid, frame);
    this.keep();
    this.push(frame);
  }

  fleeting(frame) {
    if (this.socket?.readyState === OPEN && this.welcomed) this.socket.send(JSON.stringify(frame));
    else if (frame.type === "read" && this.stream) this.post("/read", frame);
  }

  async connect() {
    if (this.busy || this.stopped) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.on.state("connecting");
    try {
      if (session.stale()) {
        const before = session.threadOf();
        const fresh = await session.open();
        if (before && before !== fresh.thread) this.on.reload(fresh);
      }
      if (Date.now() < this.plainUntil || !("WebSocket" in window)) await this.listenPlainly();
      else this.dial();
    } catch (error) {
      if (error.status === 403 || error.status === 404) this.refuse();
      else this.later(error.body?.retry_after_ms);
    } finally {
      this.busy = false;
    }
  }

  dial() {
    const base = new URL(config.base, location.href);
    base.protocol = base.protocol.replace("http", "ws");
    const socket = new WebSocket(`${base.href}/ws`, "shopchat.v1");
    this.socket = socket;
    this.welcomed = false;
    socket.onopen = () => this.hello();
    socket.onmessage = (message) => this.take(JSON.parse(message.data));
    socket.onclose = (end) => {
      if (this.socket === socket) this.closed(end);
    };
  }

  hello() {
    this.socket.send(
      JSON.stringify({
        type: "hello", token: session.token(), resume_after: this.on.cursor(), locale: config.locale, tz: zone,
        caps: ["product", "carousel", "checkout", "form", "upload"], page: location.href.split(/[?#]/)[0],
      }),
    );
  }

  take(frame) {
    this.heard = Date.now();
    if (frame.type === "event") this.on.event(frame);
    else if (frame.type === "welcome") this.welcome(frame);
    else if (frame.type === "ack") this.settle(frame.cid, () => this.on.acked(frame.cid, frame.seq));
    else if (frame.type === "nack") this.nacked(frame);
    else if (frame.type === "reauth") this.renew(frame.reason);
  }

  async welcome(frame) {
    const first = !this.welcomed;
    this.welcomed = true;
    this.tries = 0;
    this.failed = [];
    if (!first) return;
    this.open = true;
    this.on.state("online");
    this.beat((frame.heartbeat_s || 25) * 1000);
    if (!frame.resumed && frame.head_seq !== this.on.cursor()) await this.on.behind();
    for (const waiting of this.waiting.values()) this.push(waiting);
  }

  nacked(frame) {
    const again = frame.code === "rate_limited" || frame.code === "unavailable";
    // The line closes; the frame goes out again on the next one.
    if (frame.code === "unauthorized") return;
    if (again && frame.cid && this.waiting.has(frame.cid)) {
      setTimeout(() => this.waiting.has(frame.cid) && this.push(this.waiting.get(frame.cid)), frame.retry_after_ms ?? 2_000);
      this.on.refused(frame.cid, frame.code, frame.retry_after_ms);
    } else if (frame.cid) this.settle(frame.cid, () => this.on.refused(frame.cid, frame.code));
  }

  settle(cid, then) {
    if (!this.waiting.delete(cid)) return;
    this.keep();
    then();
  }

  async renew(reason) {
    try {
      const fresh = await session.open();
      if (reason === "moved") this.on.reload(fresh);
      else if (this.socket?.readyState === OPEN) this.hello();
    } catch {
      // The line ends with its token; connecting again asks again.
    }
  }

  beat(every) {
    clearInterval(this.pulse);
    this.heard = Date.now();
    this.pulse = setInterval(() => {
      if (Date.now() - this.heard > 2.5 * every) this.stream ? this.stream.cancel() : this.socket?.close();
      else this.fleeting({ type: "ping", t: Date.now() });
      for (const frame of this.waiting.values()) if (Date.now() - frame.at > ACK_MS) this.push(frame);
    }, every);
  }

  closed(end) {
    this.open = false;
    clearInterval(this.pulse);
    if (end.code === 4403) return this.refuse();
    if (end.code === 4401) return this.renew("expired").then(() => this.later(0));
    if (!this.welcomed) this.failed = [...this.failed.filter((at) => at > Date.now() - 60_000), Date.now()];
    if (this.failed.length >= 3) this.plainUntil = Date.now() + FALLBACK_MS;
    this.later(end.code === 1012 ? 300 + Math.random() * 700 : undefined);
  }

  later(ms) {
    this.open = false;
    this.on.state(navigator.onLine ? "connecting" : "offline");
    const wait = ms ?? Math.random() * Math.min(CAP_MS, 500 * 2 ** this.tries++);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  refuse() {
    this.stopped = true;
    this.on.state("refused");
  }

  push(frame) {
    const { at, shown, ...wire } = frame;
    frame.at = Date.now();
    if (this.stream) this.post(frame.type === "send" ? "/messages" : "/actions", wire);
    else if (this.welcomed && this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(wire));
  }

  keep() {
    session.keepWaiting([...this.waiting.values()]);
  }

  async post(path, frame) {
    try {
      const answer = await session.call(path, session.posting(frame));
      if (answer.status === 200 || answer.status >= 400) this.take({ cid: frame.cid, ...(await answer.json()) });
    } catch {
      // Not answered: it goes out again with the next connection.
    }
  }

  /** Server-sent events by fetch: the token stays out of the address. */
  async listenPlainly() {
    const cursor = this.on.cursor();
    const answer = await session.call(`/events${cursor === null ? "" : `?after=${cursor}`}`);
    if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
    this.stream = answer.body.getReader();
    this.readPlainly(this.stream).catch(() => {}).finally(() => {
      this.stream = null;
      this.welcomed = false;
      clearInterval(this.pulse);
      this.later();
    });
  }

  async readPlainly(reader) {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A comment that only keeps the line alive counts too.
      this.heard = Date.now();
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
        if (data) this.take(JSON.parse(data));
      }
    }
  }
}
