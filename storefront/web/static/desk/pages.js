// A list of the API as far as somebody has asked for it: the first page, and more on demand.
export class Pages {
  #wanted = 1;
  #asked = 0;
  items = [];
  more = false; // whether the list goes on

  /** `query()`: what narrows the list. `size`: rows of a page. */
  constructor(api, path, { query = () => ({}), size = 100 } = {}) {
    this.api = api;
    this.path = path;
    this.query = query;
    this.size = size;
  }

  /** Everything wanted, read anew: rows move between pages, so one page alone would leave holes. */
  async read() {
    const asked = ++this.#asked;
    const items = [];
    let cursor;
    let left = this.#wanted;
    do {
      const page = await this.api.get(this.path, { limit: this.size, cursor, ...this.query() });
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor && --left > 0);
    if (asked === this.#asked) Object.assign(this, { items, more: Boolean(cursor) });
    return this.items;
  }

  /** One page more from now on. */
  next() {
    this.#wanted += 1;
    return this.read();
  }

  /** Only the first page again: the query is another. */
  restart() {
    this.#wanted = 1;
  }

  /** An item by its id, also one that is older than what was read. */
  async find(id) {
    return this.items.find((item) => item.id === id) ?? this.api.get(`${this.path}/${id}`);
  }
}
