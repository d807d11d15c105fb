# ruff: noqa: E501 - what is said stands on one line
"""The first minute of a sale as a table of answers, with real pictures: what the page is looked at with."""

import io
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PIL import Image, ImageDraw

from bots.messages.inbound import ActionChosen, InboundEvent, Joined, MediaReceived, TextReceived
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    CartView,
    Choices,
    Document,
    FormQuestion,
    ImageRef,
    LineView,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    ProductCard,
    Text,
)
from catalog.images import service as images
from catalog.images.compose import Hotspot, LookbookScene
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units

Pictures = Mapping[str, ImageRef]
_NAMES = {
    "tee": "basic-tee.grey.front", "tee_white": "basic-tee.white.front", "tee_navy": "basic-tee.navy.front",
    "chino": "chino.taupe.front", "overshirt": "overshirt.charcoal.front", "belt": "belt.dark brown.front",
    "sweater": "merino-sweater.burgundy.front", "oxford": "oxford-shirt.light blue.front", "look": "LB7",
}  # fmt: skip
_SPOTS = ((1, 0.318, 0.24), (2, 0.276, 0.62), (3, 0.72, 0.34), (4, 0.75, 0.8))
_PRICES = ("24,90 €", "59,90 €", "79,90 €", "29,90 €")


_COLOURS = {
    "grey": "#97989a", "white": "#f1efeb", "navy": "#28314c", "taupe": "#a89e90", "charcoal": "#46484b",
    "dark brown": "#4a3428", "burgundy": "#682432", "light blue": "#b2c8e0",
}  # fmt: skip


def placeholder(name: str) -> bytes:
    """A piece of cloth in its colour on warm paper; a look has a few of them."""
    picture = Image.new("RGB", (360, 450), "#e9e5de")
    pen = ImageDraw.Draw(picture)
    if name in _NAMES.values() and "." in name:
        pen.rounded_rectangle((100, 90, 260, 370), 24, fill=_COLOURS[name.split(".")[1]])
    for number, (_, x, y) in enumerate(_SPOTS if "." not in name else ()):
        left, top = x * 360 - 60, y * 450 - 70
        pen.rounded_rectangle((left, top, left + 120, top + 140), 16, fill=list(_COLOURS.values())[number])
    body = io.BytesIO()
    picture.save(body, "JPEG", quality=90)
    return body.getvalue()


async def hang(
    units: Units, store: MediaStore, shop_id: UUID, *, draw: Callable[[str], bytes] = placeholder
) -> Pictures:
    """Draw and store the pictures; each by its short name, and the look with numbers burned in."""
    refs: dict[str, ImageRef] = {}
    async with units(shop_id) as uow:
        for name, drawing in _NAMES.items():
            view = await images.keep(uow, await images.prepare(store, draw(drawing)))
            refs[name] = ImageRef(
                image_id=view.image_id, alt=drawing.split(".")[0], width=view.width, height=view.height
            )
        scene = refs["look"]
        spots = tuple(
            Hotspot(number, x, y, price, sold_out=number == len(_PRICES))
            for (number, x, y), price in zip(_SPOTS, _PRICES, strict=True)
        )
        seen = await images.plan(store, LookbookScene(scene.image_id, scene.width, scene.height, spots, "ausverkauft"))
    refs["look"] = ImageRef(image_id=seen.image_id, alt="Herbst in Grau", width=seen.width, height=seen.height)
    return refs


class Shop:
    """Answers like the shop of the first minute, in German or English."""

    def __init__(self, pictures: Pictures, *, german: bool = True) -> None:
        self._pictures = pictures
        self._german = german

    def __call__(self, event: InboundEvent) -> Sequence[Message]:
        """What the shop says to this."""
        match event:
            case Joined():
                return [self._hello(), self._shelf()]
            case ActionChosen(action_id=action):
                return self._tapped(action)
            case MediaReceived():
                return [
                    Text(
                        text=self._say(
                            "Schönes Bild. Sowas Ähnliches haben wir:", "Nice picture. We have something like it:"
                        )
                    )
                ]
            case TextReceived(text=text):
                return self._heard(text.lower())
            case _:
                return []

    def _say(self, german: str, english: str) -> str:
        return german if self._german else english

    def _heard(self, text: str) -> Sequence[Message]:  # noqa: PLR0911 - a table of answers
        if "lb7" in text:
            return [self._hello(), self._look()]
        if "zwei" in text or "two" in text:
            return [self._held()]
        if "hose" in text or "trousers" in text:
            return [self._cart()]
        if "berlin" in text:
            return [self._payment()]
        if "bezahlt" in text or "paid" in text:
            return [self._order(), Document(url="https://shop.example/r/K-1042.pdf", name="K-1042.pdf")]
        if "zeig" in text or "show" in text:
            return [self._shelf()]
        if "in " in text:
            return [self._held()]
        return [Text(text=f"{text}?", actions=(Action(id="browse", title=self._say("Stöbern", "Browse")),))]

    def _tapped(self, action: str) -> Sequence[Message]:
        if action in {"yes", "30", "34"}:
            return [
                FormQuestion(
                    text=self._say(
                        "Wohin? Schick die Adresse in einem Satz oder deinen Standort.",
                        "Where to? Send the address in one sentence, or your location.",
                    ),
                    field="address", location=True,
                )
            ]  # fmt: skip
        if action == "pics":
            return [self._product()]
        if action == "human":
            return [
                Choices(
                    text=self._say("Worum geht es?", "What is it about?"),
                    options=(
                        Action(id="q1", title=self._say("Größe und Passform", "Size and fit")),
                        Action(id="q2", title=self._say("Meine Bestellung", "My order"), description="K-1042"),
                        Action(id="q3", title=self._say("Etwas anderes", "Something else")),
                    ),
                )
            ]
        return [Text(text="👍")]

    def _hello(self) -> Message:
        return Text(
            text=self._say(
                "Hi, ich bin Charles, der Shop-Bot. Schreib *Mensch*, wenn du lieber mit jemandem aus dem Team redest."
                " Deine Nachrichten nutzen wir nur für Beratung und Bestellung: https://shop.example/legal/privacy",
                "Hi, I’m Charles, the shop bot. Write *human* if you’d rather talk to someone from the team."
                " We use your messages only for advice and your order: https://shop.example/legal/privacy",
            )
        )

    def _look(self) -> Message:
        titles = ("Basic-Tee grau", "Chino", "Overshirt", "Gürtel") if self._german else (
            "Basic tee grey", "Chino", "Overshirt", "Belt")  # fmt: skip
        names, sizes = (
            ("tee", "chino", "overshirt", "belt"),
            (("S", "M", "L", "XL"), ("30", "32", "34"), ("M", "L"), ()),
        )
        cards = tuple(
            Card(
                title=title, subtitle=price, image=self._pictures[name], number=number, options=chips,
                sold_out=number == len(_PRICES), at=(x, y),
            )
            for (number, x, y), title, price, name, chips in zip(_SPOTS, titles, _PRICES, names, sizes, strict=True)
        )  # fmt: skip
        said = " · ".join(f"*{card.number}* {card.title} {card.subtitle}" for card in cards)
        return Lookbook(
            code="LB7", title=self._say("Herbst in Grau", "Autumn in grey"), image=self._pictures["look"],
            text=f"{said}. Antworte z. B. „1 in M“ oder „alles“.", cards=cards,
        )  # fmt: skip

    def _shelf(self) -> Message:
        pieces = (
            ("tee", "Basic-Tee grau", "24,90 €", False), ("tee_white", "Basic-Tee weiß", "24,90 €", False),
            ("oxford", "Oxford-Hemd", "69,90 €", False), ("sweater", "Merino-Pullover", "89,90 € statt 109,90 €", False),
            ("tee_navy", "Basic-Tee navy", "24,90 €", True), ("overshirt", "Overshirt", "79,90 €", False),
        )  # fmt: skip
        cards = tuple(
            Card(
                title=title, subtitle=price, image=self._pictures[name], number=number, sold_out=gone,
                options=("S", "M", "L"), sku=f"SKU-{number}",
            )
            for number, (name, title, price, gone) in enumerate(pieces, start=1)
        )  # fmt: skip
        more = Action(id="more", title=self._say("Mehr zeigen", "Show more"))
        return Carousel(
            text=self._say("Das passt gut zusammen:", "These go well together:"), cards=cards, actions=(more,)
        )

    def _product(self) -> Message:
        card = Card(
            title="Basic-Tee grau", subtitle="24,90 €", image=self._pictures["tee"], options=("S", "M", "L", "XL"),
            actions=(
                Action(id="buy", title=self._say("In den Korb", "Add to cart"), primary=True),
                Action(id="pics", title=self._say("Mehr Bilder", "More pictures")),
            ),
        )  # fmt: skip
        return ProductCard(
            card=card, text="Basic-Tee grau, 24,90 €\nFarben: grau, weiß, navy\nSchwere Baumwolle, gerader Schnitt."
        )

    def _held(self) -> Message:
        return Text(
            text=self._say(
                "2 × Basic-Tee grau, M: *49,80 €* inkl. MwSt. Ich halte sie dir bis 14:32.",
                "2 × Basic tee grey, M: *€49.80* incl. VAT. I’ll hold them for you until 14:32.",
            ),
            actions=(
                Action(id="pay", title=self._say("Bezahlen", "Pay")), Action(id="pics", title=self._say("Mehr Bilder", "More pictures")),
                Action(id="edit", title=self._say("Ändern", "Change")),
            ),
        )  # fmt: skip

    def _lines(self) -> tuple[LineView, ...]:
        return (
            LineView(title="Basic-Tee grau M", quantity=1, total="24,90 €", sku="A", image=self._pictures["tee"]),
            LineView(title="Chino 32/32", quantity=1, total="59,90 €", sku="B", image=self._pictures["chino"]),
        )

    def _cart(self) -> Message:
        return CartView(
            text="Korb: 1 × Basic-Tee grau M 24,90 € · 1 × Chino 32/32 59,90 € = *84,80 €*, Versand 0 €. Länge 32 ok?",
            lines=self._lines(), total="84,80 €",
            actions=(Action(id="yes", title="Ja, 32"), Action(id="30", title="30"), Action(id="34", title="34")),
        )  # fmt: skip

    def _payment(self) -> Message:
        return PaymentRequest(
            text=self._say(
                "Lindenstraße 5, 10969 Berlin, Lieferung bis Do, 26.11. Zusammen *84,80 €* (darin 13,54 € MwSt.), 14 Tage Widerruf.",
                "Lindenstraße 5, 10969 Berlin, delivery by Thu 26 Nov. Together *€84.80* (incl. €13.54 VAT), 14 days to withdraw.",
            ),
            url="https://shop.example/p/A7K2QX", label=self._say("Zahlungspflichtig bestellen", "Order with obligation to pay"),
            total="84,80 €", lines=self._lines(),
        )  # fmt: skip

    def _order(self) -> Message:
        steps = (
            ("Bezahlt", "Gepackt", "Unterwegs", "Zugestellt")
            if self._german
            else ("Paid", "Packed", "On its way", "Delivered")
        )
        return OrderStatus(
            text=self._say(
                "Danke, bezahlt ✅ Bestellung *K-1042*. Schreib „doch nicht“, solange wir nicht gepackt haben.",
                "Thank you, paid ✅ Order *K-1042*. Write “never mind” as long as we haven’t packed it.",
            ),
            number="K-1042", state="paid", timeline=tuple((step, number == 0) for number, step in enumerate(steps)),
            lines=self._lines(), url="https://shop.example/o/K7Q", actions=(Action(id="human", title=self._say("Mensch", "Human")),),
        )  # fmt: skip
