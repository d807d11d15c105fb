// Amounts and moments as the page's language writes them.
import { config, tongue } from "../chat/dom.js";

const styles = new Map();

function style(currency) {
  if (!styles.has(currency)) styles.set(currency, new Intl.NumberFormat(config.locale, { style: "currency", currency }));
  return styles.get(currency);
}

const digits = (currency) => style(currency).resolvedOptions().maximumFractionDigits;

export const money = ({ minor, currency }) => style(currency).format(minor / 10 ** digits(currency));

/** What somebody typed as an amount ("12,50", "12.5"), or null. */
export function amount(text, currency) {
  const clean = text.replace(/[\s'€$£]/g, "").replace(/[.,](?=\d{3}(\D|$))/g, "").replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(clean)) return null;
  const minor = Number(clean) * 10 ** digits(currency);
  return Math.abs(minor - Math.round(minor)) < 1e-6 ? { minor: Math.round(minor), currency } : null;
}

const clock = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function when(text) {
  const moment = new Date(text);
  const today = moment.toDateString() === new Date().toDateString();
  return (today ? clock : day).format(moment);
}
