"""Customers: addresses as people type them, people proven to be one, and people forgotten."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import reactions as cart_reactions
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.customers import addresses
from checkout.customers import service as customers
from checkout.customers.errors import CannotMerge, CustomerNotFound
from checkout.customers.events import CustomerErased, CustomersMerged, CustomersParted
from checkout.customers.parsing import parse_address
from checkout.customers.postal import RULES, proper
from checkout.customers.values import Address, ParsedAddress
from checkout.inventory import service as inventory
from tests.checkout.factories import TEE, delivery, make_customer, make_variant


def _told(text: str, country: str = "DE") -> tuple[str, str, str, str]:
    found = parse_address(text, country)
    assert found is not None
    return found.street, found.postal_code, found.city, found.country


class TestReading:
    @pytest.mark.parametrize(
        ("text", "street", "code", "city"),
        [
            ("lindenstr 5, 10969 berlin", "Lindenstraße 5", "10969", "Berlin"),
            ("Lindenstraße 5 10969 Berlin", "Lindenstraße 5", "10969", "Berlin"),
            ("lindenstr. 5a\n10969 berlin", "Lindenstraße 5a", "10969", "Berlin"),
            ("LINDENSTR. 5, 10969 BERLIN", "Lindenstraße 5", "10969", "Berlin"),
            ("linden str.5,10969 berlin", "Linden Straße 5", "10969", "Berlin"),
            ("berliner str 12, 60311 frankfurt am main", "Berliner Straße 12", "60311", "Frankfurt am Main"),
            ("unter den linden 77, 10117 berlin", "Unter den Linden 77", "10117", "Berlin"),
            ("straße des 17. juni 135, 10623 berlin", "Straße des 17. Juni 135", "10623", "Berlin"),
            ("meine adresse ist lindenstr 5 in 10969 berlin", "Lindenstraße 5", "10969", "Berlin"),
            ("an lindenstr 5, 10969 berlin bitte", "Lindenstraße 5", "10969", "Berlin"),
            ("10969 Berlin, Lindenstr 5", "Lindenstraße 5", "10969", "Berlin"),
        ],
    )
    def test_a_german_address_in_one_sentence(self, text: str, street: str, code: str, city: str) -> None:
        assert _told(text) == (street, code, city, "DE")

    @pytest.mark.parametrize(
        ("text", "country", "told"),
        [
            ("10 downing st, london sw1a2aa", "GB", ("10 Downing Street", "SW1A 2AA", "London", "GB")),
            ("10 downing street london sw1a 2aa", "GB", ("10 Downing Street", "SW1A 2AA", "London", "GB")),
            ("flat 2, 10 long road, london, sw1a 2aa, uk", "DE", ("Flat 2, 10 Long Road", "SW1A 2AA", "London", "GB")),
            ("12 Baker Street, London NW1 6XE", "DE", ("12 Baker Street", "NW1 6XE", "London", "GB")),
            ("5 Eccles Street, Dublin D07 X2X2", "IE", ("5 Eccles Street", "D07 X2X2", "Dublin", "IE")),
            ("12 rue de la paix, 75002 paris", "FR", ("12 rue de la Paix", "75002", "Paris", "FR")),
            ("12 bd. saint-michel 75005 paris", "FR", ("12 boulevard Saint-Michel", "75005", "Paris", "FR")),
            ("keizersgracht 123, 1015cj amsterdam", "NL", ("Keizersgracht 123", "1015 CJ", "Amsterdam", "NL")),
            ("stephansplatz 1, 1010 wien, österreich", "DE", ("Stephansplatz 1", "1010", "Wien", "AT")),
            ("hauptstraße 1010, 1010 wien", "AT", ("Hauptstraße 1010", "1010", "Wien", "AT")),
            ("bahnhofstr. 1, CH-8001 zürich", "DE", ("Bahnhofstrasse 1", "8001", "Zürich", "CH")),
            ("D-10969 Berlin, Lindenstr 5", "AT", ("Lindenstraße 5", "10969", "Berlin", "DE")),
        ],
    )  # fmt: skip
    def test_addresses_of_the_neighbours(self, text: str, country: str, told: tuple[str, ...]) -> None:
        assert _told(text, country) == told

    def test_a_name_before_the_street_is_kept(self) -> None:
        found = parse_address("Ada Lovelace, Lindenstr. 5, 10969 Berlin, Deutschland", "DE")
        assert found == ParsedAddress("Lindenstraße 5", "10969", "Berlin", "DE", "Ada Lovelace")

    @pytest.mark.parametrize(
        ("text", "missing"),
        [
            ("10969 berlin", ("street",)),
            ("lindenstr 5", ("postal_code", "city")),
            ("lindenstraße 5, berlin", ("postal_code",)),
            ("lindenstraße 5, h1 2og", ("postal_code", "city")),
        ],
    )
    def test_what_is_not_said_is_named(self, text: str, missing: tuple[str, ...]) -> None:
        found = parse_address(text, "DE")
        assert found is not None
        assert found.missing == missing

    def test_a_country_without_known_postal_codes_is_taken_by_its_name(self) -> None:
        found = parse_address("Hauptstr. 5, 11000 Belgrad, Serbien", "DE")
        assert found is not None
        assert found.country == "RS"

    @pytest.mark.parametrize(
        "text", ["hallo wie gehts", "die 1 in m, zwei", "zwei von den grauen t-shirts", "", "👋", "5"]
    )
    def test_other_talk_is_no_address(self, text: str) -> None:
        assert parse_address(text, "DE") is None

    @pytest.mark.parametrize("rest", [".", " ", "5", ", "])
    def test_a_text_too_long_for_an_address_costs_no_time(self, rest: str) -> None:
        assert parse_address("Lindenstraße 5, 10969 Berlin" + rest * 2_000, "DE") is None

    @given(st.text(max_size=120), st.sampled_from(sorted(RULES)))
    def test_a_code_read_out_of_any_text_is_one_of_its_country(self, text: str, country: str) -> None:
        found = parse_address(text, country)
        if found is not None and found.postal_code:
            assert proper(found.postal_code, found.country) == found.postal_code


class TestChecking:
    def test_every_rules_example_is_a_code_of_its_country(self) -> None:
        for country, rule in RULES.items():
            assert proper(rule.example, country) == rule.example

    @pytest.mark.parametrize(
        ("field", "value", "fault"),
        [
            ("name", " ", "missing"),
            ("email", "ada@", "malformed"),
            ("street", "Lindenstraße", "no_house_number"),
            ("street", "x" * 121 + " 5", "too_long"),
            ("postal_code", "1096", "malformed"),
            ("country", "XX", "unknown_country"),
            ("city", "", "missing"),
        ],
    )
    def test_a_wrong_field_is_pointed_at(self, field: str, value: str, fault: str) -> None:
        with pytest.raises(Invalid) as refused:
            addresses.check(delivery(**{field: value}))
        assert refused.value.pointer == f"/{field}"
        assert refused.value.values["faults"] == [(field, fault)]

    def test_a_right_one_is_tidied(self) -> None:
        tidy = addresses.check(delivery(city=" Berlin ", country="gb", postal_code="sw1a2aa", street="Rose  Cottage"))
        assert (tidy.city, tidy.country, tidy.postal_code, tidy.street) == ("Berlin", "GB", "SW1A 2AA", "Rose Cottage")


class TestPeople:
    async def test_what_is_learned_stays_until_better_is_known(self, uow: UnitOfWork, shop: object) -> None:
        ada = await customers.create(uow, name="Ada", locale="de")
        await customers.describe(uow, ada, email="ada@example.org", name="")
        await customers.remember_address(uow, ada, Address("Lindenstraße 5", "10969", "Berlin", "DE"))
        person = await customers.get(uow, ada)
        assert (person.name, person.email, person.locale) == ("Ada", "ada@example.org", "de")
        assert person.address == Address("Lindenstraße 5", "10969", "Berlin", "DE")
        assert [each.id for each in await customers.find_by_email(uow, "ADA@example.org")] == [ada]

    async def test_a_person_that_does_not_exist_is_refused(self, uow: UnitOfWork, shop: object) -> None:
        with pytest.raises(CustomerNotFound):
            await customers.get(uow, new_id())


@pytest.fixture
async def two(uow: UnitOfWork, shop: object) -> tuple[UUID, UUID]:
    await make_variant(uow)
    return await make_customer(uow), await make_customer(uow, country="DE")


class TestMerging:
    async def test_the_cart_follows_and_comes_back(self, uow: UnitOfWork, two: tuple[UUID, UUID]) -> None:
        guest, known = two
        await carts.apply(uow, guest, [Add(TEE, 2)], "de")
        await carts.apply(uow, known, [Add(TEE)], "de")
        merge = await customers.merge(uow, guest, known, proof="same_account")
        assert await customers.known_as(uow, guest) == known
        for _ in range(2):
            await cart_reactions.on_customers_merged(uow, CustomersMerged(merge, guest, known))
        assert (await carts.view(uow, known, "de")).units == 3
        assert (await carts.view(uow, guest, "de")).is_empty
        assert await customers.part(uow, guest)
        assert not await customers.part(uow, guest)
        for _ in range(2):
            await cart_reactions.on_customers_parted(uow, CustomersParted(merge, guest, known))
        assert (await carts.view(uow, known, "de")).units == 1
        assert (await carts.view(uow, guest, "de")).units == 2
        assert (await inventory.levels(uow, [TEE]))[TEE].reserved == 3

    async def test_the_remaining_row_learns_what_it_lacks(self, uow: UnitOfWork, two: tuple[UUID, UUID]) -> None:
        guest, known = two
        await customers.describe(uow, guest, phone="+4930123")
        await customers.merge(uow, guest, known, proof="same_account")
        person = await customers.get(uow, known)
        assert (person.phone, person.email) == ("+4930123", "ada@example.org")

    async def test_nobody_is_merged_twice_or_with_themselves(self, uow: UnitOfWork, two: tuple[UUID, UUID]) -> None:
        guest, known = two
        with pytest.raises(CannotMerge):
            await customers.merge(uow, guest, guest, proof="nonsense")
        await customers.merge(uow, guest, known, proof="same_account")
        for pair in ((guest, known), (known, guest)):
            with pytest.raises(CannotMerge):
                await customers.merge(uow, *pair, proof="same_account")


async def test_a_forgotten_person_is_nobody_and_holds_nothing(uow: UnitOfWork, two: tuple[UUID, UUID]) -> None:
    _, known = two
    await carts.apply(uow, known, [Add(TEE)], "de")
    assert await customers.erase(uow, known)
    assert not await customers.erase(uow, known)
    await cart_reactions.on_customer_erased(uow, CustomerErased(known))
    await customers.describe(uow, known, name="Ada")
    person = await customers.get(uow, known)
    assert (person.name, person.email, person.address) == ("", "", None)
    assert (await inventory.levels(uow, [TEE]))[TEE].reserved == 0
