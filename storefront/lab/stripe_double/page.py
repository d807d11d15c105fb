"""The test payment page at a session's URL: plain, clearly a test, works without scripts. Keeps no card number."""

from dataclasses import dataclass
from pathlib import Path

from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, select_autoescape

from checkout.payments.stripe_amounts import from_units
from storefront.lab.stripe_double.answers import Json

# Stripe's own test numbers: https://docs.stripe.com/testing
CARDS = {
    "4242424242424242": "card",
    "5555555555554444": "card",
    "4000000000000002": "declined:generic_decline",
    "4000000000009995": "declined:insufficient_funds",
}
FAILING_IBAN = "DE62370400440532013001"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)
_WORDS = {
    "en": {
        "title": "Pay", "test": "Test mode", "note": "This page stands in for Stripe. No money moves.",
        "card": "Card number", "expiry": "Expiry", "cvc": "CVC", "name": "Name on card", "email": "Email",
        "pay": "Pay {amount}", "wallet": "Pay with test wallet", "sepa": "SEPA debit (money arrives later)",
        "iban": "IBAN", "cancel": "Back to the shop", "or": "or", "total": "Total", "hint": "Test cards",
        "works": "is paid", "declines": "is declined", "poor": "has no funds",
        "declined": "The card was declined. Try another card or another way.",
        "unknown": "That is no test card. Use one of those below.",
        "complete": "This payment is done.", "expired": "This page has run out. Go back to the shop for a new one.",
        "pay_sepa": "Debit {amount}",
    },
    "de": {
        "title": "Bezahlen", "test": "Testmodus", "note": "Diese Seite steht für Stripe. Es fließt kein Geld.",
        "card": "Kartennummer", "expiry": "Gültig bis", "cvc": "CVC", "name": "Name auf der Karte", "email": "E-Mail",
        "pay": "{amount} bezahlen", "wallet": "Mit Test-Wallet bezahlen",
        "sepa": "SEPA-Lastschrift (Geld kommt später)",
        "iban": "IBAN", "cancel": "Zurück zum Shop", "or": "oder", "total": "Summe", "hint": "Testkarten",
        "works": "wird bezahlt", "declines": "wird abgelehnt", "poor": "ist nicht gedeckt",
        "declined": "Die Karte wurde abgelehnt. Nimm eine andere Karte oder einen anderen Weg.",
        "unknown": "Das ist keine Testkarte. Nimm eine von unten.",
        "complete": "Diese Zahlung ist erledigt.",
        "expired": "Diese Seite ist abgelaufen. Geh zurück zum Shop für eine neue.",
        "pay_sepa": "{amount} einziehen",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What the page sends: `how` is card, wallet or sepa."""

    how: str
    card: str
    iban: str
    email: str | None
    name: str | None


def read_form(values: Json) -> Form:
    """The page's fields."""
    return Form(
        how=str(values.get("how") or "card"),
        card="".join(letter for letter in str(values.get("card") or "") if letter.isdigit()),
        iban=str(values.get("iban") or "").replace(" ", "").upper(),
        email=str(values["email"]).strip() if values.get("email") else None,
        name=str(values["name"]).strip() if values.get("name") else None,
    )


def method_of(form: Form) -> str | None:
    """The double's word for the way chosen; None for a card that is no test card."""
    if form.how == "wallet":
        return "card"
    if form.how == "sepa":
        return "sepa_fails" if form.iban == FAILING_IBAN else "sepa"
    return CARDS.get(form.card)


def render(session: Json, lines: list[Json], *, message: str | None = None) -> str:
    """The page's HTML."""
    language = "de" if str(session.get("locale") or "").startswith("de") else "en"
    words = _WORDS[language]
    amount = _amount(session["amount_total"], session["currency"], language)
    shown = [
        {
            "name": line["description"],
            "quantity": line["quantity"],
            "total": _amount(line["amount_total"], line["currency"], language),
        }
        for line in lines
    ]
    return _TEMPLATES.get_template("pay.html").render(
        language=language,
        words=words,
        session=session,
        lines=shown,
        amount=amount,
        pay=words["pay"].format(amount=amount),
        pay_sepa=words["pay_sepa"].format(amount=amount),
        message=words[message] if message else None,
        state=session["status"],
    )


def _amount(units: int, currency: str, language: str) -> str:
    money = from_units(units, currency)
    return str(format_currency(money.decimal(), money.currency, locale=language))
