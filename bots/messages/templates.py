"""The product's own pre-approved messages: news of an order's life that must arrive when free words may not.

Providers with templates (WhatsApp, Messenger) review exactly these texts; a changed text needs a new name. Rules of
Meta that all of them keep: category utility, named parameters, none of them first or last, one link button whose
address may vary at its end only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bots.messages.outbound import TemplateUse
from catalog.kernel.errors import Invalid, NotFound

LOCALES = ("de", "en")
_BLANKS = re.compile(r"[\n\t\r]+| {4,}")  # Meta refuses them in parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec:
    """A template in every language we have. `examples` shows reviewers a value for each parameter.

    `button` is the link button's label per language, `path` the part of our address before its variable end.
    """

    name: str
    texts: Mapping[str, str]
    examples: Mapping[str, str]
    button: Mapping[str, str] | None = None
    path: str = "/o/"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the text."""
        return tuple(self.examples)


def _spec(name: str, examples: str, button: tuple[str, str] | None = None, **texts: str) -> TemplateSpec:
    pairs = (pair.partition("=") for pair in examples.split("; ") if pair)
    return TemplateSpec(
        name=name,
        texts=MappingProxyType(texts),
        examples=MappingProxyType({key: value for key, _, value in pairs}),
        button=MappingProxyType(dict(zip(LOCALES, button, strict=True))) if button else None,
    )


_STATUS = ("Bestellung ansehen", "View order")
_ALL = (
    _spec(
        "order_confirmed",
        "order=K-1042; total=84,80 €",
        _STATUS,
        de="Danke! Deine Bestellung {{order}} über {{total}} ist bezahlt. Wir packen sie jetzt für dich.",
        en="Thank you! Your order {{order}} of {{total}} is paid. We are packing it for you now.",
    ),
    _spec(
        "order_shipped",
        "order=K-1042; carrier=DHL; tracking=00340434161094",
        _STATUS,
        de="Dein Paket zur Bestellung {{order}} ist unterwegs mit {{carrier}}, Nummer {{tracking}}. Viel Freude!",
        en="Your parcel of order {{order}} is on its way with {{carrier}}, tracking number {{tracking}}. Enjoy!",
    ),
    _spec(
        "payment_pending",
        "order=K-1042",
        de="Die Zahlung zu deiner Bestellung {{order}} läuft noch. Wir melden uns, sobald sie da ist.",
        en="The payment of your order {{order}} is still on its way. We will tell you as soon as it is here.",
    ),
    _spec(
        "order_exception",
        "order=K-1042",
        de="Deine Zahlung zur Bestellung {{order}} ist da, aber etwas passt nicht zusammen. Wir prüfen es und melden"
        " uns, verloren geht nichts.",
        en="Your payment of order {{order}} has arrived, but something does not match. We are checking it and will get"
        " back to you; nothing is lost.",
    ),
    _spec(
        "order_rest_cancelled",
        "order=K-1042; lines=1 × Basic-Tee grau, M",
        de="Aus deiner Bestellung {{order}} kommt nicht mehr: {{lines}}. Antworte hier, wenn du Fragen hast.",
        en="From your order {{order}} this will not come any more: {{lines}}. Answer here if you have any questions.",
    ),
    _spec(
        "order_cancelled",
        "order=K-1042",
        de="Deine Bestellung {{order}} ist storniert. Bezahltes Geld erhältst du vollständig zurück.",
        en="Your order {{order}} is cancelled. Whatever you paid will be returned in full.",
    ),
    _spec(
        "order_refunded",
        "order=K-1042; amount=59,90 €",
        de="Für deine Bestellung {{order}} haben wir {{amount}} erstattet. Das Geld ist in wenigen Tagen bei dir.",
        en="We have refunded {{amount}} for your order {{order}}. The money will reach you within a few days.",
    ),
    _spec(
        "refund_failed",
        "order=K-1042",
        de="Die Erstattung zu deiner Bestellung {{order}} hat nicht geklappt. Wir kümmern uns darum und melden uns.",
        en="The refund of your order {{order}} did not go through. We are on it and will get back to you.",
    ),
    _spec(
        "payment_failed",
        "order=K-1042",
        de="Die Zahlung zu deiner Bestellung {{order}} hat nicht geklappt. Es wurde nichts abgebucht.",
        en="The payment of your order {{order}} did not go through. You have not been charged.",
    ),
    _spec(
        "order_expired",
        "order=K-1042",
        de="Deine Bestellung {{order}} wurde nicht bezahlt und ist verfallen. Schreib uns, wenn du sie noch möchtest.",
        en="Your order {{order}} was not paid and has expired. Write to us if you still want it.",
    ),
    _spec(
        "return_update",
        "order=K-1042; news=Wir haben deine Rückgabe angenommen.",
        de="Neues zu deiner Rückgabe aus {{order}}: {{news}} Antworte hier, wenn du Fragen hast.",
        en="News about your return from {{order}}: {{news}} Answer here if you have any questions.",
    ),
    _spec(
        "reply_waiting",
        "shop=Linden",
        de="Das Team von {{shop}} hat dir geantwortet. Schreib kurz zurück, dann kommt die Nachricht.",
        en="The team of {{shop}} has answered you. Write back briefly to receive the message.",
    ),
)
TEMPLATES: Mapping[str, TemplateSpec] = MappingProxyType({spec.name: spec for spec in _ALL})


def use(template: str, locale: str, *, link: str | None = None, **parameters: str) -> TemplateUse:
    """A template filled in; `link` is the variable end of its button's address. Other languages read English.

    Raises NotFound for an unknown name, Invalid for a missing value.
    """
    spec = TEMPLATES.get(template)
    if spec is None:
        raise NotFound(f"there is no template {template!r}")
    missing = [name for name in spec.parameters if name not in parameters]
    if missing or (spec.button and not link):
        raise Invalid(f"template {template!r} needs {', '.join(missing) or 'link'}")
    language = next((known for known in (locale, locale[:2]) if known in spec.texts), "en")
    values = {name: _BLANKS.sub(" ", parameters[name]).strip() or "–" for name in spec.parameters}
    text = spec.texts[language]
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    return TemplateUse(
        name=template, locale=language, parameters=values, text=text, button_value=link if spec.button else None
    )
