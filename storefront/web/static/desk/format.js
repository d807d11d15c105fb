// Amounts and moments as the page's language writes them.
import { config, tongue } from "../chat/dom.js";

const styles = new Map();

// ISO 4217's decimals, as the shop counts: for some currencies a browser shows none.
const digits = (currency) => config.places[currency] ?? 2;

function style(currency) {
  if (!styles.has(currency)) {
    const places = { minimumFractionDigits: digits(currency), maximumFractionDigits: digits(currency) };
    styles.set(currency, new Intl.NumberFormat(config.locale, { style: "currency", currency, ...places }));
  }
  return styles.get(currency);
}

export const money = ({ minor, currency }) => style(currency).format(minor / 10 ** digits(currency));

/** What somebody typed as an amount ("12,50", "12.5", "1.234,50"), or null. */
export function amount(text, currency) {
  const [, whole, tail = ""] = text.replace(/[\s'€$£]/g, "").match(/^(\d+|\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d+))?$/) ?? [];
  const places = digits(currency);
  // Three digits behind the last mark are thousands, unless the currency has as many decimals.
  const [units, cents] = tail.length === 3 && places < 3 ? [whole + tail, ""] : [whole, tail];
  if (units === undefined || cents.length > places) return null;
  return { minor: Number(units.replace(/[.,]/g, "") + cents.padEnd(places, "0")), currency };
}

const clock = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function when(text) {
  const moment = new Date(text);
  const today = moment.toDateString() === new Date().toDateString();
  return (today ? clock : day).format(moment);
}
