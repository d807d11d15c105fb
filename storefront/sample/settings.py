"""The sample shop's own settings: who speaks, how it sends, when it is open, and its legal texts (data/legal)."""

from pathlib import Path

from catalog.kernel.money import Money
from catalog.shops.settings import Legal, Persona, Returns, ShippingMethod, ShopSettings, Tax

NAME, SLUG, COUNTRY, LOCALES = "Linden & Loom", "linden", "DE", ("de", "en")

_LEGAL = Path(__file__).with_name("data") / "legal"
_NEIGHBOURS = ("BE", "CZ", "DK", "FR", "IT", "LU", "NL", "PL")
_GREETING = {
    "de": "Hi, ich bin {name}, der Shop-Bot. Schreib *Mensch*, wenn du lieber mit jemandem aus dem Team redest."
    " Deine Nachrichten nutzen wir nur für Beratung und Bestellung: {privacy}",
    "en": "Hi, I'm {name}, the shop bot. Write *human* if you would rather talk to someone from the team."
    " We use your messages only to advise you and handle your order: {privacy}",
}


def settings() -> ShopSettings:
    """All of it, in German and English."""
    return ShopSettings(
        persona=Persona(name="Charles", greeting=_GREETING),
        tax=Tax(oss=False),
        shipping=(
            ShippingMethod(
                code="standard", name={"de": "Standardversand", "en": "Standard shipping"}, price=_euro(490),
                free_from=_euro(4900), countries=("DE", "AT"), days=(2, 4),
            ),
            ShippingMethod(
                code="express", name={"de": "Express bis morgen", "en": "Express by tomorrow"}, price=_euro(990),
                countries=("DE",), days=(1, 1),
            ),
            ShippingMethod(
                code="europe", name={"de": "Versand in die EU", "en": "Shipping within the EU"}, price=_euro(990),
                free_from=_euro(15000), countries=_NEIGHBOURS, days=(4, 7),
            ),
        ),
        returns=Returns(
            days=14,
            address="Linden & Loom GmbH, Retouren, Webergasse 12, 07743 Jena",
            note={
                "de": "Die Rücksendung innerhalb Deutschlands ist kostenlos; der Code kommt im Chat.",
                "en": "Returns within Germany are free; the code comes in the chat.",
            },
        ),
        hours={**{day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, "sat": ["10:00-14:00"]},
        timezone="Europe/Berlin",
        legal=Legal(
            company="Linden & Loom GmbH, Webergasse 12, 07743 Jena",
            email="hallo@linden.example",
            terms=_texts("terms"), privacy=_texts("privacy"),
            withdrawal=_texts("withdrawal"), imprint=_texts("imprint"),
        ),
        order_prefix="K",
    )  # fmt: skip


def _euro(minor: int) -> Money:
    return Money(minor, "EUR")


def _texts(name: str) -> dict[str, str]:
    return {locale: (_LEGAL / f"{name}.{locale}.md").read_text(encoding="utf-8").strip() for locale in LOCALES}
