"""What is asked of goods is answered from what the shop says of them, and said to be unknown where it says nothing."""

from dataclasses import replace

import pytest

from catalog.products import service as products
from catalog.products.values import ProductDraft
from checkout.inventory import service as inventory
from tests.scenarios import goods
from tests.scenarios.phone import Phone

PARKA = ProductDraft(
    handle="parka",
    title={"de": "Regenparka", "en": "Rain Parka"},
    description={
        "de": "Verklebte Nähte und eine Kapuze mit Schirm. Hält einen Hamburger November aus.",
        "en": "Taped seams and a hood with a peak. It survives a Hamburg November.",
    },
    category="clothing/jackets",
    brand="Nordwind",
    tags=("waterproof",),
    attributes={
        "material": {"de": "100 % Polyester, bluesign-zertifiziert", "en": "100% polyester, bluesign certified"},
        "care": {"de": "30 °C Feinwäsche", "en": "30 °C delicate cycle"},
        "fit": {"de": "Fällt klein aus, nimm eine Größe mehr.", "en": "Runs small, take a size up."},
        "gender": "women",
    },
    options=("colour", "size"),
    variants=goods._variants("PAR", 16990, ("yellow", "navy"), ("S", "M")),
)
COAT = replace(
    PARKA, handle="coat", title={"de": "Wollmantel", "en": "Wool Coat"}, category="clothing/coats",
    description={}, tags=("warm",), attributes={},
    variants=goods._variants("COA", 24990, ("black",), ("S", "M")),
)  # fmt: skip


@pytest.fixture
async def parka(phone: Phone) -> Phone:
    """Somebody who looks at the parka."""
    async with phone.units(phone.shop_id) as uow:
        for draft in (PARKA, COAT):
            await products.upsert_product(uow, draft)
            await inventory.set_many(uow, {variant.sku: 5 for variant in draft.variants})
    await phone.say("Regenparka")
    return phone


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("ist der wasserdicht?", "Regenparka führen wir unter „wasserdicht“."),
        ("hat der eine Kapuze?", "„Verklebte Nähte und eine Kapuze mit Schirm.“"),
        ("wie wäscht man den?", "Pflege: 30 °C Feinwäsche"),
        ("Ist der Regenparka bluesign-zertifiziert?", "Material: 100 % Polyester, bluesign-zertifiziert"),
        ("hält der einen November aus?", "„Hält einen Hamburger November aus.“"),
        ("von welcher Marke ist der?", "Regenparka: Nordwind"),
        ("fällt der klein aus?", "Passform: Fällt klein aus, nimm eine Größe mehr."),
        ("welche größe soll ich nehmen?", "Passform: Fällt klein aus, nimm eine Größe mehr."),
        ("is it waterproof?", "We list Rain Parka as “waterproof”."),
        ("does it have a hood?", "“Taped seams and a hood with a peak.”"),
        ("can it survive a november?", "“It survives a Hamburg November.”"),
        ("does it run small?", "Fit: Runs small, take a size up."),
        ("is it for women?", "Rain Parka: women"),
    ],
)
async def test_what_the_shop_says_of_goods_answers_the_question(parka: Phone, question: str, told: str) -> None:
    assert told in "\n".join(await parka.say(question)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("ist der vegan?", "Dazu habe ich zu Regenparka keine Angabe."),
        ("wie verpackt ihr die Sachen?", "Dazu habe ich leider keine Angabe."),
        ("ist die Verpackung plastikfrei?", "Dazu habe ich leider keine Angabe."),
        ("is it breathable?", "I have no details on that for Rain Parka."),
        ("do you embroider names?", "I don't have any details on that, sorry."),
    ],
)
async def test_what_it_does_not_say_is_said_to_be_unknown_and_a_yes_brings_the_team(
    parka: Phone, question: str, told: str
) -> None:
    answer = "\n".join(await parka.say(question))
    assert told in answer
    assert "169,90" not in answer
    assert parka.offers.keys() & {"Mensch", "Human"}
    yes = "ja bitte" if "Mensch" in parka.offers else "yes please"
    answer = "\n".join(await parka.say(yes))
    assert "Ich hole jemanden aus dem Team" in answer or "I'm getting someone from the team" in answer


async def test_of_two_questions_the_one_is_answered_and_the_other_said_to_be_unknown(parka: Phone) -> None:
    answer = "\n".join(await parka.say("ist der wasserdicht und vegan?"))
    assert "„wasserdicht“" in answer
    assert "keine Angabe" in answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("kratzt der Regenparka in marine?", "Material: 100 % Polyester"),
        ("is the navy rain parka vegan?", "Material: 100% polyester"),
        ("hat der Regenparka in gelb einen Gürtel zum Zuziehen, ist er robust?", "Material: 100 % Polyester"),
    ],
)
async def test_what_it_is_made_of_is_told_where_nothing_says_how_it_feels(
    parka: Phone, question: str, told: str
) -> None:
    answer = "\n".join(await parka.say(question)).replace("\xa0", " ")
    assert told in answer
    assert "keine Angabe" in answer or "no details" in answer


async def test_how_sold_out_goods_are_is_answered_all_the_same(parka: Phone) -> None:
    async with parka.units(parka.shop_id) as uow:
        await inventory.set_many(uow, {"PAR-YEL-S": 0, "PAR-YEL-M": 0})
    assert "Verklebte Nähte" in "\n".join(await parka.say("hat der gelbe Regenparka eine Kapuze?"))


async def test_a_question_of_stock_and_one_of_fit_are_each_answered_once(parka: Phone) -> None:
    answer = "\n".join(await parka.say("fällt der klein aus und habt ihr den in M?"))
    assert answer.count("ist da.") == 1
    assert "Passform: Fällt klein aus" in answer


async def test_a_yes_to_asking_the_team_pays_nothing(parka: Phone) -> None:
    await parka.say("Regenparka gelb in M")
    await parka.say("ist der vegan?")
    assert "Ich hole jemanden aus dem Team" in "\n".join(await parka.say("ja"))
    assert not parka.links


async def test_no_size_is_advised_where_the_shop_says_nothing_of_the_fit(parka: Phone) -> None:
    answer = "\n".join(await parka.say("fällt der Wollmantel groß aus?"))
    assert "Größen: S, M" in answer
    assert "Wie Wollmantel ausfällt, dazu habe ich keine Angabe." in answer
    assert "größere" not in answer


@pytest.mark.parametrize("question", ["was ist mit dem Wollmantel?", "und der Wollmantel?"])
async def test_who_asks_for_goods_as_such_is_shown_them(parka: Phone, question: str) -> None:
    assert "249,90" in "\n".join(await parka.say(question)).replace("\xa0", " ")


@pytest.mark.parametrize("question", ["habt ihr einen warmen Mantel?", "do you have a warm coat for the winter?"])
async def test_who_asks_for_goods_that_are_so_is_shown_those(parka: Phone, question: str) -> None:
    answer = "\n".join(await parka.say(question)).replace("\xa0", " ")
    assert "249" in answer
    assert "keine Angabe" not in answer
