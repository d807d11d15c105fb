"""Commands: what they print for people and programs, and how they refuse."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops import service as shops
from storefront.cli.main import run
from tests import database

KEY = "k" * 40


@pytest.fixture
def install(units: Units, dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOREFRONT_DATABASE_URL", dsn)
    monkeypatch.setenv("STOREFRONT_SECRET_KEY", KEY)
    monkeypatch.setenv("STOREFRONT_HOME", str(tmp_path))


CREATE = ["shop", "create", "--name", "Linden & Loom", "--currency", "EUR", "--country", "DE", "--locale", "de"]


@pytest.mark.usefixtures("install")
def test_a_new_shop_tells_programs_its_id_slug_and_key_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CREATE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"shop_id", "slug", "api_key"}
    assert told["slug"] == "linden-loom"
    assert run(["keys", "list", "--json"]) == 0
    (key,) = json.loads(capsys.readouterr().out)
    assert told["api_key"].startswith(key["hint"])
    assert told["api_key"] not in json.dumps(key)


@pytest.mark.usefixtures("install")
def test_a_taken_slug_is_refused_with_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CREATE, "--slug", "loom"]) == 0
    assert "shown this once" in capsys.readouterr().out
    assert run([*CREATE, "--slug", "loom"]) == 1
    assert "taken" in capsys.readouterr().err


@pytest.mark.usefixtures("install")
@pytest.mark.parametrize("country", ["UK", "EL", "EU", "XX", "D"])
def test_what_is_no_country_is_refused_by_name(capsys: pytest.CaptureFixture[str], country: str) -> None:
    assert run([*CREATE, "--country", country, "--json"]) == 1
    refused = json.loads(capsys.readouterr().err)["error"]
    assert repr(country) in refused["detail"], refused
    assert "GB" in refused["detail"]
    assert run([*CREATE, "--currency", "USD", "--country", "us"]) == 0


@pytest.mark.usefixtures("install")
def test_a_revoked_key_opens_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run([*CREATE, "--json"])
    capsys.readouterr()
    assert run(["keys", "create", "--name", "till", "--scope", "orders", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["scopes"] == ["orders"]
    assert run(["keys", "revoke", made["key_id"]]) == 0
    assert run(["keys", "revoke", made["key_id"]]) == 0
    assert run(["keys", "list"]) == 0
    assert "revoked" in capsys.readouterr().out


async def test_a_key_from_the_command_authenticates(
    units: Units, install: None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await asyncio.to_thread(told, capsys, [*CREATE, "--json"])
    narrow = await asyncio.to_thread(told, capsys, ["keys", "create", "--name", "till", "--scope", "orders", "--json"])
    async with units(None) as uow:
        first = await shops.authenticate(uow, made["api_key"])
        second = await shops.authenticate(uow, narrow["api_key"])
    assert str(first.shop_id) == str(second.shop_id) == made["shop_id"]
    assert (first.scopes, second.scopes) == (frozenset(shops.SCOPES), frozenset({"orders"}))


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> Any:  # noqa: ANN401 - JSON
    """What a command tells programs."""
    assert run(arguments) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("install")
def test_several_shops_need_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    run([*CREATE, "--slug", "one"])
    run([*CREATE, "--slug", "two"])
    capsys.readouterr()
    assert run(["keys", "list"]) == 1
    assert "one, two" in capsys.readouterr().err
    assert run(["keys", "list", "--shop", "two"]) == 0
    assert run(["shop", "list"]) == 0
    assert "two" in capsys.readouterr().out


@pytest.mark.usefixtures("install")
def test_a_refusal_for_programs_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "list", "--shop", "nowhere", "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "not_found"


@pytest.mark.usefixtures("install")
def test_what_a_command_could_not_do_shows_in_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(CREATE)
    goods = tmp_path / "goods.csv"
    goods.write_text("handle,title,sku,price\nshirt,Shirt,S-1,abc\n")
    assert run(["catalog", "import", str(goods), "--dry-run"]) == 1
    goods.write_text("handle,title,sku,price\nshirt,Shirt,S-1,29.90\n")
    assert run(["catalog", "import", str(goods), "--dry-run"]) == 0
    monkeypatch.setenv("STOREFRONT_MEDIA_URL", "/dev/null/pictures")
    assert run(["doctor"]) == 1
    assert "/dev/null/pictures cannot be made" in capsys.readouterr().out


def test_misuse_is_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shop", "create"]) == 2
    assert run(["sell"]) == 2
    assert run(["serve", "--port", "many"]) == 2
    assert "Missing option" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    for command in ("serve", "worker", "demo", "db", "doctor", "shop", "keys", "catalog", "understand"):
        assert command in said


@pytest.mark.usefixtures("install")
def test_migrating_a_migrated_database_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["db", "migrate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ran"] == 0


def test_a_dump_brings_back_what_was_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("STOREFRONT_DATABASE_URL", database.recreate(server, "dumped"))
    monkeypatch.setenv("STOREFRONT_SECRET_KEY", KEY)
    monkeypatch.setenv("STOREFRONT_HOME", str(tmp_path))
    run([*CREATE, "--slug", "kept"])
    assert run(["db", "dump", str(tmp_path / "dump")]) == 0
    assert (tmp_path / "dump").stat().st_mode & 0o077 == 0
    run([*CREATE, "--slug", "later"])
    assert run(["db", "restore", "--yes", str(tmp_path / "dump")]) == 0
    capsys.readouterr()
    run(["shop", "list", "--json"])
    assert [one["slug"] for one in json.loads(capsys.readouterr().out)] == ["kept"]
    assert run(["db", "restore", "--yes", __file__]) == 1
    database.drop(server, "dumped")


def test_wrong_settings_are_named_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("STOREFRONT_HOME", str(tmp_path))
    monkeypatch.setenv("STOREFRONT_LAB", "perhaps")
    monkeypatch.setenv("STOREFRONT_POOL_SIZE", "none")
    assert run(["serve"]) == 1
    said = capsys.readouterr().err
    assert "STOREFRONT_LAB" in said
    assert "STOREFRONT_POOL_SIZE" in said


@pytest.mark.usefixtures("install")
def test_an_imported_file_is_reported_row_by_row(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(CREATE)
    goods = tmp_path / "goods.csv"
    goods.write_text("handle,title,sku,price,stock\nshirt,Shirt,SHIRT-M,24.90,5\nscarf,Scarf,SCARF,cheap,2\n")
    capsys.readouterr()
    assert run(["catalog", "import", str(goods), "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dry_run"] is True
    assert run(["catalog", "import", str(goods), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["created"], report["errors"]) == (2, 1, 1)
    assert report["issues"][0]["line"] == 3
    assert run(["catalog", "import", str(goods)]) == 0
    assert "2 rows" in capsys.readouterr().out
    assert run(["catalog", "import", str(tmp_path / "none.csv")]) == 2
