"""Our templates keep the rules under which providers approve them."""

import re

import pytest

from bots.messages.templates import LOCALES, TEMPLATES, TemplateSpec, use
from catalog.kernel.errors import Invalid, NotFound


@pytest.mark.parametrize("spec", TEMPLATES.values(), ids=lambda spec: spec.name)
class TestEveryTemplate:
    def test_has_every_language_with_the_same_parameters(self, spec: TemplateSpec) -> None:
        assert set(spec.texts) == set(LOCALES)
        for text in spec.texts.values():
            assert sorted(re.findall(r"{{(\w+)}}", text)) == sorted(spec.parameters)
        assert spec.button is None or set(spec.button) == set(LOCALES)

    def test_is_within_metas_rules(self, spec: TemplateSpec) -> None:
        assert re.fullmatch(r"[a-z0-9_]{1,512}", spec.name)
        for text in spec.texts.values():
            assert len(text) <= 550  # leaves room for the values within 1024
            assert not text.startswith("{{")
            assert not text.endswith("}}")
            assert not re.search(r"}}\s*{{", text)
        for label in (spec.button or {}).values():
            assert len(label) <= 25


def test_a_used_template_reads_as_the_person_will_read_it() -> None:
    made = use("order_shipped", "de-AT", order="K-1042", carrier="DHL", tracking="0034\n0434", link="A7K-2QX")
    assert made.locale == "de"
    assert made.text.startswith("Dein Paket zur Bestellung K-1042 ist unterwegs mit DHL, Nummer 0034 0434.")
    assert made.parameters == {"order": "K-1042", "carrier": "DHL", "tracking": "0034 0434"}
    assert made.button_value == "A7K-2QX"


def test_a_missing_value_is_found_before_the_provider_finds_it() -> None:
    with pytest.raises(Invalid, match="tracking"):
        use("order_shipped", "de", order="K-1042", carrier="DHL", link="A7K-2QX")
    with pytest.raises(Invalid, match="link"):
        use("order_confirmed", "de", order="K-1042", total="1 €")
    with pytest.raises(NotFound):
        use("order_lost", "de")
