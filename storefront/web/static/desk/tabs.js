// A row of tabs: arrow keys move, one tab stop for all of them.
export class Tabs {
  #list;
  #chosen;

  /** `tabs`: elements with role tab inside `list`, each with aria-controls. `chosen` hears the name (data-tab). */
  constructor(list, chosen) {
    this.#list = list;
    this.#chosen = chosen;
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.choose(tab.dataset.tab);
    });
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  choose(name, { focus = false } = {}) {
    for (const tab of this.#tabs()) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    this.#chosen(name);
  }

  #tabs() {
    return [...this.#list.querySelectorAll("[role=tab]")];
  }

  #key(event) {
    const tabs = this.#tabs();
    const at = tabs.indexOf(event.target.closest("[role=tab]"));
    const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const forth = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const to = { [back]: at - 1, [forth]: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.choose(tabs[(to + tabs.length) % tabs.length].dataset.tab, { focus: true });
  }
}
