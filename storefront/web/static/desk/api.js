// The merchant API with a key: plain calls, and problems as errors that carry the problem's own sentence.
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
    const answer = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const read = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Problem(answer.status, read);
    return read;
  }
}
