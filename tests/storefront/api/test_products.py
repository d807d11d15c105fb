"""Products over the API: pictures named by upload, many products at once, each told where it is wrong."""

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.storefront.api.conftest import Merchant


async def upload(merchant: Merchant, colour: str) -> Any:  # noqa: ANN401 - JSON
    """A picture, stored."""
    body = io.BytesIO()
    Image.new("RGB", (40, 50), colour).save(body, "PNG")
    answer = await merchant.api.post("/images", files={"file": ("p.png", body.getvalue(), "image/png")})
    assert answer.status_code == 201, answer.text
    return answer.json()


def product(handle: str, *pictures: dict[str, Any]) -> dict[str, Any]:
    """A product as a merchant writes it."""
    variants = [{"sku": handle.upper(), "price": {"minor": 100, "currency": "EUR"}, "stock": 3}]
    return {"handle": handle, "title": {"de": handle}, "variants": variants, "images": list(pictures)}


async def test_each_of_many_products_gets_its_own_pictures(merchant: Merchant) -> None:
    red, blue = await upload(merchant, "red"), await upload(merchant, "blue")
    items = [
        product("both", {"upload_id": red["upload_id"]}, {"upload_id": blue["upload_id"]}),
        product("none"),
        product("one", {"image_id": blue["image_id"]}),
    ]
    assert (await merchant.api.post("/products/bulk", json={"items": items})).status_code == 200
    listed = (await merchant.api.get("/products")).json()["items"]
    shown = {each["handle"]: [image["image_id"] for image in each["images"]] for each in listed}
    assert shown == {"both": [red["image_id"], blue["image_id"]], "none": [], "one": [blue["image_id"]]}


async def test_a_picture_that_is_none_is_named_by_its_place(merchant: Merchant) -> None:
    for picture, pointer in (({"alt": {"de": "?"}}, ""), ({"upload_id": "7"}, "/upload_id")):
        items = [product("first"), product("second", picture)]
        answer = await merchant.api.post("/products/bulk", json={"items": items})
        assert (answer.status_code, answer.json()["pointer"]) == (422, f"/items/1/images/0{pointer}")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.png", "ftp://pictures.example/x.png"])
async def test_a_picture_that_cannot_be_had_keeps_only_its_own_product_out(merchant: Merchant, url: str) -> None:
    items = [product("first"), product("second", {"url": url}), product("third", {"upload_id": str(uuid4())})]
    answer = await merchant.api.post("/products/bulk", json={"items": items})
    assert answer.status_code == 200, answer.text
    written, refused, unknown = answer.json()["results"]
    assert written["created"]
    assert (refused["handle"], refused["faults"][0]["pointer"]) == ("second", "/images/0/url")
    assert (unknown["handle"], unknown["faults"][0]["pointer"]) == ("third", "/images/0/upload_id")
    alone = await merchant.api.post("/products", json=items[1])
    assert (alone.status_code, alone.json()["pointer"]) == (422, "/images/0/url")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"titel": {"de": "x"}}, "/titel"),
        ({"handle": None}, "/handle"),
        ({"variants": [{"sku": "A", "price": {"minor": 1, "currency": "EUR"}, "prise": 1}]}, "/variants/0/prise"),
        ({"variants": [{"sku": "A"}]}, "/variants/0/price"),
        ({"variants": [{"sku": "A", "price": {"minor": "x", "currency": "EUR"}}]}, "/variants/0/price/minor"),
        ({"variants": [{"sku": "A", "price": {"minor": 1, "currency": "EUR", "x": 1}}]}, "/variants/0/price/x"),
    ],
)
async def test_a_form_that_cannot_be_read_is_pointed_at_where_it_is_wrong(
    merchant: Merchant, wrong: dict[str, Any], pointer: str
) -> None:
    answer = await merchant.api.post("/products", json=product("x") | wrong)
    assert answer.json().get("pointer") == pointer, answer.text


async def test_a_product_is_written_by_the_handle_of_its_address(merchant: Merchant) -> None:
    body = {name: value for name, value in product("shirt").items() if name != "handle"}
    written = await merchant.api.put("/products/by-handle/shirt", json=body)
    assert (written.status_code, written.json()["handle"]) == (200, "shirt")
    assert written.json()["variants"][0]["stock"] == 3
    other = await merchant.api.put("/products/by-handle/shirt", json={**body, "handle": "scarf"})
    assert (other.status_code, other.json()["pointer"]) == (422, "/handle")


async def test_a_variant_is_called_as_shoppers_read_it_in_every_language_of_the_shop(merchant: Merchant) -> None:
    body = product("chair") | {
        "options": ["wood", "colour"], "attributes": {"option_titles": {"oak": {"de": "Eiche", "en": "Oak"}}},
    }  # fmt: skip
    body["variants"][0]["options"] = {"colour": "black", "wood": "oak"}
    await merchant.create("/products", body)
    (variant,) = (await merchant.api.get("/products")).json()["items"][0]["variants"]
    assert variant["title"] == {"de": "Eiche, schwarz", "en": "Oak, black"}
    assert variant["options"] == {"colour": "black", "wood": "oak"}


async def test_a_variant_without_options_has_no_name_of_its_own(merchant: Merchant) -> None:
    made = await merchant.create("/products", product("plain"))
    assert set(made["variants"][0]["title"].values()) == {""}


def by_measure(handle: str, **measures: str) -> dict[str, Any]:
    body = product(handle)
    body["variants"][0] |= measures
    return body


async def test_a_content_is_written_and_read_and_goes_with_the_whole_variant(merchant: Merchant) -> None:
    made = await merchant.create("/products", by_measure("oil", content="750 ml", unit_price_base="100 ml"))
    assert (made["variants"][0]["content"], made["variants"][0]["unit_price_base"]) == ("750 ml", "100 ml")
    read = (await merchant.api.get(f"/products/{made['id']}")).json()["variants"][0]
    assert (read["content"], read["unit_price_base"]) == ("750 ml", "100 ml")
    again = await merchant.api.patch(f"/products/{made['id']}", json={"brand": "Oak"})
    assert again.json()["variants"][0]["content"] == "750 ml"
    bare = await merchant.api.patch(f"/products/{made['id']}", json={"variants": product("oil")["variants"]})
    assert (bare.json()["variants"][0]["content"], bare.json()["variants"][0]["unit_price_base"]) == (None, None)


async def test_a_content_that_is_none_is_told_at_its_place(merchant: Merchant) -> None:
    refused = await merchant.api.post("/products", json=by_measure("oil", content="3 oz"))
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/variants/0/content")
    items = [by_measure("good", content="250 g"), by_measure("bad", content="250 g", unit_price_base="1 l")]
    good, bad = (await merchant.api.post("/products/bulk", json={"items": items})).json()["results"]
    assert good["created"]
    assert "/variants/0/unit_price_base" in str(bad)
