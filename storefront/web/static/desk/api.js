// The merchant API with a key: plain calls, and problems as errors that carry the problem's own sentence.
// The addresses of what people sent hold for ten minutes. One is used for half of that, so that what shows it stays.
export const STEADY_MS = 300_000;
const ANSWER_MS = 15_000;
const addresses = new Map();

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? `HTTP ${status}`);
    this.status = status;
  }
}

export class Api {
  #key;

  constructor(key) {
    this.#key = key;
  }

  get(path, query = {}) {
    const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
    const wanted = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
    return this.#call("GET", wanted.length ? `${path}?${new URLSearchParams(wanted)}` : path);
  }

  /** Each call has its own key, so that a repeated request after a lost answer does nothing twice. */
  post(path, body) {
    return this.#call("POST", path, body, { "Idempotency-Key": crypto.randomUUID() });
  }

  put(path, body) {
    return this.#call("PUT", path, body);
  }

  async #call(method, path, body, more = {}) {
    const headers = { Authorization: `Bearer ${this.#key}`, ...more };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const signal = AbortSignal.timeout(ANSWER_MS); // an answer that never comes must not stop the desk
    const answer = await fetch(`/api/v1${path}`, { method, headers, signal, body: body && JSON.stringify(body) });
    const read = await answer.text().then((text) => JSON.parse(text, lasting)).catch(() => ({}));
    if (!answer.ok) throw new Problem(answer.status, read);
    return read;
  }
}

function lasting(name, value) {
  if (name === "picture" && value) return { ...value, url: steady(value.url) };
  return name === "photo_urls" ? value.map(steady) : value;
}

function steady(url) {
  const [picture] = url.split("?");
  const known = addresses.get(picture);
  if (known && Date.now() - known.at < STEADY_MS) return known.url;
  addresses.set(picture, { url, at: Date.now() });
  return url;
}
