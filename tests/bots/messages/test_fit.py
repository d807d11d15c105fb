"""Degrading loses nothing: examples a person can read, then properties over every message and every channel."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bots.channels.telegram.adapter import Telegram
from bots.channels.whatsapp.adapter import WhatsApp
from bots.messages import fitted
from bots.messages.capabilities import Capabilities
from bots.messages.fit import fit, without_picture
from bots.messages.fitted import FittedCarousel, FittedDocument, FittedList, FittedPicture, FittedRich, FittedText
from bots.messages.numbering import actions_of, cards_of, numbers
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    Choices,
    FormQuestion,
    ImageRef,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    Picture,
    ProductCard,
    Text,
)
from bots.messages.words import PRICE, emphasised, one_line, prices
from tests.bots.messages import limits, strategies

SMS = Capabilities(text_length=1000, caption_length=1000)  # words and pictures, nothing to tap: like Signal
WHATSAPP = WhatsApp.capabilities
TELEGRAM = Telegram.capabilities
WORDS = "*Herbst*\n*1* Basic-Tee grau 1 24,90\u00a0€"
SCENE = ImageRef(image_id="ab" * 32, alt="Herbst in Grau")


def tee(number: int, **changes: Any) -> Card:  # noqa: ANN401 - fields of a card
    card = Card(
        title="Basic-Tee grau",
        subtitle="24,90\u00a0€",
        image=SCENE,
        actions=(Action(id=f"show:{number}", title="Ansehen"),),
    )
    return replace(card, title=f"{card.title} {number}", **changes)


class TestActions:
    def test_three_buttons_stay_buttons(self) -> None:
        message = Choices(text="Länge 32 ok?", options=tuple(Action(id=f"l:{n}", title=n) for n in ("32", "30", "34")))
        (sent,) = fit(message, WHATSAPP)
        assert isinstance(sent, FittedText)
        assert [button.title for button in sent.buttons] == ["32", "30", "34"]

    def test_four_options_become_a_list_where_there_is_one(self) -> None:
        options = tuple(
            Action(id=f"r:{n}", title=title) for n, title in enumerate(("Zu groß", "Zu klein", "Farbe", "x"))
        )
        (sent,) = fit(Choices(text="Warum?", options=options, button="Grund"), WHATSAPP)
        assert isinstance(sent, FittedList)
        assert (sent.button, len(sent.rows)) == ("Grund", 4)

    def test_options_without_buttons_are_numbered(self) -> None:
        options = (Action(id="a", title="Tauschen"), Action(id="b", title="Zurückgeben"))
        (sent,) = fit(Choices(text="Was nun?", options=options), SMS)
        assert sent == FittedText(text="Was nun?\n\n1 Tauschen\n2 Zurückgeben")

    def test_titles_that_are_numbers_are_not_numbered_again(self) -> None:
        options = (Action(id="a", title="30"), Action(id="b", title="32"))
        message = Choices(text="Welche Länge?", options=options)
        (sent,) = fit(message, SMS)
        assert sent == FittedText(text="Welche Länge?\n\n– 30\n– 32")
        assert numbers(message) == {}

    def test_a_link_without_link_buttons_is_a_line(self) -> None:
        message = Text(text="Fertig.", actions=(Action(id="x", title="Beleg", url="https://shop.example/o/A"),))
        (sent,) = fit(message, SMS)
        assert sent == FittedText(text="Fertig.\n\nBeleg: https://shop.example/o/A")

    def test_paying_keeps_its_link_button_and_the_rest_is_typed(self) -> None:
        message = PaymentRequest(
            text="Zusammen *84,80\u00a0€*.",
            url="https://shop.example/p/A7K",
            label="Zahlungspflichtig bestellen",
            total="84,80\u00a0€",
            actions=(Action(id="change", title="Ändern"),),
        )
        (sent,) = fit(message, WHATSAPP)
        assert isinstance(sent, FittedText)
        assert [(link.title, link.url) for link in sent.links] == [("Zahlungspflichtig…", "https://shop.example/p/A7K")]
        assert sent.text == "Zusammen *84,80\u00a0€*.\n\n1 Ändern"

    def test_the_one_way_on_gets_a_button_when_there_are_too_few(self) -> None:
        actions = (
            *(Action(id=f"a{n}", title=f"Wort {n}") for n in "abc"),
            Action(id="p", title="Bezahlen", primary=True),
        )
        (sent,) = fit(Text(text="Korb", actions=actions), WHATSAPP)
        assert isinstance(sent, FittedText)
        assert [button.title for button in sent.buttons] == ["Wort a", "Wort b", "Bezahlen"]
        assert sent.text == "Korb\n\n3 Wort c"

    def test_labels_are_cut_before_the_price_never_in_it(self) -> None:
        message = Choices(text="?", options=(Action(id="a", title="Leinenhemd in Sandbeige 1.249,90\u00a0€"),))
        (sent,) = fit(message, WHATSAPP)
        assert isinstance(sent, FittedText)
        assert sent.buttons[0].title == "Leinenhe… 1.249,90\u00a0€"

    def test_a_place_is_asked_by_the_channels_own_control(self) -> None:
        message = FormQuestion(text="Wohin?", field="address", location=True)
        assert fit(message, TELEGRAM) == (FittedText(text="Wohin?", ask_location=True),)
        assert fit(message, SMS) == (FittedText(text="Wohin?"),)


class TestCarousels:
    def test_cards_stand_side_by_side_where_the_channel_can(self) -> None:
        (sent,) = fit(Carousel(text="Für dich:", cards=(tee(1), tee(2))), WHATSAPP)
        assert isinstance(sent, FittedCarousel)
        assert [card.text for card in sent.cards] == [
            "*1 Basic-Tee grau 1*\n24,90\u00a0€",
            "*2 Basic-Tee grau 2*\n24,90\u00a0€",
        ]
        assert [card.buttons[0].id for card in sent.cards] == ["show:1", "show:2"]

    def test_cards_beyond_the_channels_number_are_told(self) -> None:
        (sent,) = fit(Carousel(text="Alle:", cards=tuple(map(tee, range(1, 13)))), WHATSAPP)
        assert isinstance(sent, FittedCarousel)
        assert len(sent.cards) == 10
        assert "*12* Basic-Tee grau 12 · 24,90\u00a0€" in sent.text

    def test_what_cannot_be_a_carousel_is_the_picture_of_all_and_a_list(self) -> None:
        picture, rows = fit(Carousel(text="Für dich:", cards=(tee(1), tee(2, image=None)), grid=SCENE), WHATSAPP)
        assert picture == FittedPicture(image=SCENE)
        assert isinstance(rows, FittedList)
        assert [(row.id, row.title, row.description) for row in rows.rows] == [
            ("show:1", "1 Basic-Tee grau 1", "24,90\u00a0€"),
            ("show:2", "2 Basic-Tee grau 2", "24,90\u00a0€"),
        ]

    def test_without_lists_it_is_one_picture_with_numbers_in_words_and_on_buttons(self) -> None:
        (sent,) = fit(Carousel(text="Für dich:", cards=(tee(1), tee(2)), grid=SCENE), TELEGRAM)
        assert isinstance(sent, FittedPicture)
        assert sent.text == "Für dich:\n*1* Basic-Tee grau 1 · 24,90\u00a0€\n*2* Basic-Tee grau 2 · 24,90\u00a0€"
        assert [button.title for button in sent.buttons] == ["1 Ansehen", "2 Ansehen"]

    def test_without_pictures_it_is_numbered_text(self) -> None:
        message = Carousel(text="Für dich:", cards=(tee(1),), grid=SCENE, actions=(Action(id="m", title="Mehr"),))
        (sent,) = fit(message, replace(SMS, pictures=False))
        assert sent == FittedText(text="Für dich:\n*1* Basic-Tee grau 1 · 24,90\u00a0€\n\n2 Mehr")
        assert numbers(message) == {1: message.cards[0], 2: message.actions[0]}

    def test_a_lookbook_is_its_scene_and_its_own_words(self) -> None:
        message = Lookbook(code="LB7", title="Herbst", image=SCENE, text=WORDS, cards=(tee(1),))
        assert fit(message, SMS) == (FittedPicture(image=SCENE, text=WORDS),)


class TestEmphasis:
    def test_a_title_stands_out_as_a_whole_whatever_stars_it_has(self) -> None:
        card = replace(tee(1), title="*NEU* Kissen 80*60 cm")
        (sent,) = fit(ProductCard(card=card), TELEGRAM)
        assert isinstance(sent, FittedPicture)
        assert next(emphasised(sent.text)) == ("∗NEU∗ Kissen 80∗60 cm", True)

    def test_a_label_keeps_the_stars_within_its_words(self) -> None:
        (sent,) = fit(Choices(text="Welches?", options=(Action(id="a", title="Kissen 80*60*40"),)), WHATSAPP)
        assert isinstance(sent, FittedText)
        assert sent.buttons[0].title == "Kissen 80*60*40"


class TestLength:
    def test_long_words_are_split_at_sentences_with_buttons_on_the_last(self) -> None:
        sentence = "Der Stoff kommt aus Portugal und wird in Sachsen genäht. "
        head, last = fit(Text(text=sentence * 85, actions=(Action(id="a", title="Ja"),)), WHATSAPP)
        assert isinstance(head, FittedText)
        assert isinstance(last, FittedText)
        assert head.text.endswith("genäht.")
        assert last.buttons

    def test_a_long_description_is_trimmed_rather_than_split(self) -> None:
        message = ProductCard(card=tee(1), text="Weich und leicht. " * 300)
        (sent,) = fit(message, WHATSAPP)
        assert isinstance(sent, FittedPicture)
        assert sent.text.endswith("…")
        assert "24,90\u00a0€" in sent.text

    def test_words_too_long_for_a_caption_follow_their_picture(self) -> None:
        picture, words = fit(Picture(image=SCENE, text="Wort " * 300, actions=(Action(id="a", title="Ja"),)), TELEGRAM)
        assert picture == FittedPicture(image=SCENE)
        assert isinstance(words, FittedText)
        assert words.buttons

    @pytest.mark.parametrize("channel", [WHATSAPP, TELEGRAM, SMS])
    def test_a_rich_channel_gets_the_message_itself(self, channel: Capabilities) -> None:
        (sent,) = fit(Text(text="Hallo"), replace(channel, rich=True))
        assert isinstance(sent, FittedRich)
        assert (sent.kind, bytes(sent.body)) == ("Text", b'{"text":"Hallo","actions":[]}')


def shown_text(sent: tuple[fitted.FittedMessage, ...]) -> str:
    """All words a person reads, controls included."""
    words: list[str] = []
    for message in sent:
        match message:
            case FittedText() | FittedPicture():
                words += [message.text, *(f"{link.title} {link.url}" for link in message.links)]
                words += [button.title for button in message.buttons]
            case FittedList():
                words += [message.text, *(f"{row.title}\n{row.description}" for row in message.rows)]
            case FittedCarousel():
                words += [message.text, *(card.text for card in message.cards)]
            case FittedDocument():
                words += [message.text, message.name, message.url]
            case _:
                raise AssertionError(message)
    return "\n".join(words)


def tappable(sent: tuple[fitted.FittedMessage, ...]) -> set[str]:
    """Ids of everything that can be tapped."""
    ids: set[str] = set()
    for message in sent:
        match message:
            case FittedText() | FittedPicture():
                ids |= {button.id for button in message.buttons}
            case FittedList():
                ids |= {row.id for row in message.rows}
            case FittedCarousel():
                ids |= {button.id for card in message.cards for button in card.buttons}
            case _:
                pass
    return ids


# Shrinking these messages takes longer than reading them.
QUICK = settings(deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
EVERY_CHANNEL = st.one_of(strategies.capabilities, st.sampled_from([WHATSAPP, TELEGRAM, SMS]))


class TestProperties:
    @given(message=strategies.messages, channel=EVERY_CHANNEL)
    @settings(QUICK, max_examples=400)
    def test_the_result_is_within_the_channels_limits(self, message: Message, channel: Capabilities) -> None:
        sent = fit(message, channel)
        assert sent
        assert [limits.faults(one, channel) for one in sent] == [[] for _ in sent]

    @given(message=strategies.messages, channel=st.sampled_from([WHATSAPP, TELEGRAM]))
    @settings(QUICK, max_examples=300)
    def test_words_go_within_the_limits_also_without_their_picture(
        self, message: Message, channel: Capabilities
    ) -> None:
        for sent in fit(message, channel):
            left = without_picture(sent)
            if left is not None:
                assert limits.faults(left, channel) == []
                cards = sent.cards if isinstance(sent, FittedCarousel) else ()
                assert [card for card in cards if card.text not in left.text] == []

    @given(message=strategies.messages, channel=EVERY_CHANNEL)
    @settings(QUICK, max_examples=300)
    def test_every_action_stays_reachable(self, message: Message, channel: Capabilities) -> None:
        sent = fit(message, channel)
        text, ids = shown_text(sent), tappable(sent)
        typed = {getattr(target, "id", ""): number for number, target in numbers(message).items()}
        for action in actions_of(message):
            if action.url:
                assert action.url in text
            elif action.id not in ids:
                lead = f"{typed[action.id]} " if action.id in typed else "– "
                assert squeezed(lead + one_line(action.title)) in squeezed(text)
        for number, card in cards_of(message) if isinstance(message, Carousel) else ():
            assert re.search(rf"(^|\n|\*){number}\b", text)
            assert squeezed(one_line(card.title))[:6] in squeezed(text)

    @given(message=strategies.messages, channel=EVERY_CHANNEL)
    @settings(QUICK, max_examples=300)
    def test_no_price_is_lost(self, message: Message, channel: Capabilities) -> None:
        text = shown_text(fit(message, channel))
        for price in told_prices(message):
            assert price in text

    @given(message=strategies.messages, channel=EVERY_CHANNEL)
    @settings(QUICK, max_examples=100)
    def test_the_same_message_fits_the_same_way_and_survives_storage(
        self, message: Message, channel: Capabilities
    ) -> None:
        sent = fit(message, channel)
        assert fit(message, channel) == sent
        assert tuple(fitted.load(fitted.dump(one)) for one in sent) == sent

    @given(message=strategies.messages)
    @settings(QUICK, max_examples=200)
    def test_two_bubbles_are_enough_on_the_great_messengers(self, message: Message) -> None:
        for channel in (WHATSAPP, TELEGRAM):
            sent = fit(message, channel)
            assert len(sent) <= 2 or len(shown_text(sent)) > channel.button_text_length


def squeezed(text: str) -> str:
    """Without blanks: where a text was cut for length does not matter."""
    return re.sub(r"\s+", "", text.replace("*", ""))


def told_prices(message: Message) -> list[str]:
    """Prices that must be readable: all but those inside a product's description."""
    words = [] if isinstance(message, ProductCard) else [getattr(message, "text", "")]
    words += [one_line(action.title) for action in actions_of(message) if not isinstance(message, PaymentRequest)]
    words += [f"{one_line(card.title)} {card.subtitle}" for _, card in cards_of(message)]
    if isinstance(message, ProductCard):
        words.append(message.card.subtitle)
    if not isinstance(message, OrderStatus):
        words.append(getattr(message, "total", ""))
    return [match[0] for text in words for match in PRICE.finditer(text)]


def test_prices_are_found_in_any_notation() -> None:
    assert prices("24,90 € oder $1,249.00, CHF 1’299.00 und 99 kr") == [
        "24,90 €",
        "$1,249.00",
        "CHF 1’299.00",
        "99 kr",
    ]
