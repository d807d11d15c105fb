"""Settings are read once, faults are named together, secrets hide."""

import dataclasses
import os
from pathlib import Path

import pytest

from catalog.kernel.errors import Misconfigured
from catalog.kernel.secrets import Secret
from storefront import config

KEY = "k" * 40


def test_an_empty_environment_is_a_shop_with_its_own_database(tmp_path: Path) -> None:
    settings = config.load({"STOREFRONT_HOME": str(tmp_path / "home")})
    assert settings.database_url is None
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.media_url == str(tmp_path / "home" / "media")
    assert not settings.lab
    with pytest.raises(Misconfigured, match="no database"):
        _ = settings.dsn


def test_the_generated_secret_key_is_kept_and_private(tmp_path: Path) -> None:
    first = config.load({"STOREFRONT_HOME": str(tmp_path)})
    second = config.load({"STOREFRONT_HOME": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_home_that_cannot_be_one_is_named_with_the_way_out(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.touch()
    for home in (taken, taken / "below"):
        with pytest.raises(Misconfigured, match=r"STOREFRONT_HOME is .* name a folder"):
            config.load({"STOREFRONT_HOME": str(home)})


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as caught:
        config.load({
            "STOREFRONT_DATABASE_URL": "mysql://root:hunter2@db/shop",
            "STOREFRONT_PUBLIC_URL": "shop.example",
            "STOREFRONT_POOL_SIZE": "soon",
            "STOREFRONT_LAB": "perhaps",
            "STOREFRONT_TRUSTED_PROXIES": "everyone",
            "STOREFRONT_MEDIA_URL": "gs://pictures",
            "STOREFRONT_LOG_FORMAT": "xml",
        })  # fmt: skip
    said = str(caught.value)
    assert len(said.splitlines()) == 8
    for name in (
        "DATABASE_URL",
        "PUBLIC_URL",
        "POOL_SIZE",
        "LAB",
        "MEDIA_URL",
        "LOG_FORMAT",
        "SECRET_KEY",
    ):
        assert f"STOREFRONT_{name}" in said
    assert "hunter2" not in said


def test_a_misspelt_setting_is_known_to_be_none() -> None:
    assert config.unknown({"STOREFRONT_HOEM": "/x", "STOREFRONT_HOME": "/x", "PATH": ""}) == ["STOREFRONT_HOEM"]


def test_an_external_database_needs_a_secret_key_of_some_length() -> None:
    environ = {"STOREFRONT_DATABASE_URL": "postgres://shop@db/shop"}
    with pytest.raises(Misconfigured, match=r"^STOREFRONT_SECRET_KEY is not set"):
        config.load(environ)
    with pytest.raises(Misconfigured, match=r"at least 32[^\n]*$"):
        config.load(environ | {"STOREFRONT_SECRET_KEY": "short"})
    settings = config.load(environ | {"STOREFRONT_SECRET_KEY": KEY})
    assert settings.dsn == "postgresql://shop@db/shop"


def test_secrets_do_not_show_in_a_settings_repr() -> None:
    settings = config.load(
        {"STOREFRONT_DATABASE_URL": "postgresql://shop:hunter2@db/shop", "STOREFRONT_SECRET_KEY": KEY}
    )
    assert "hunter2" not in repr(settings)
    assert KEY not in repr(settings)


def test_addresses_and_folders_are_put_into_one_form() -> None:
    settings = config.load({
        "STOREFRONT_DATABASE_URL": "postgresql://shop@db/shop",
        "STOREFRONT_SECRET_KEY": KEY,
        "STOREFRONT_PUBLIC_URL": "https://shop.example/",
        "STOREFRONT_MEDIA_URL": "s3://pictures/linden/",
        "STOREFRONT_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1",
        "STOREFRONT_LOG_LEVEL": "debug",
    })  # fmt: skip
    assert settings.public_url == "https://shop.example"
    assert settings.media_url == "s3://pictures/linden"
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.log_level == "DEBUG"


def test_a_child_process_reads_the_settings_that_its_parent_decided(tmp_path: Path) -> None:
    settings = config.load({"STOREFRONT_HOME": str(tmp_path), "STOREFRONT_LAB": "1", "STOREFRONT_SEED": "7"})
    owned = dataclasses.replace(settings, database_url=Secret("postgresql://storefront@/storefront?host=/run/x"))
    assert config.load(config.as_environment(owned)) == owned


def test_the_settings_page_says_what_the_code_reads() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text() == config.document(), "run `python -m storefront.config > docs/settings.md`"


def test_only_the_settings_module_reads_the_environment() -> None:
    root = Path(__file__).parents[2]
    readers = {
        str(path.relative_to(root)).replace(os.sep, "/")
        for package in ("catalog", "checkout", "bots", "storefront")
        for path in (root / package).rglob("*.py")
        if "os.environ" in (text := path.read_text()) or "getenv(" in text
    }
    # The embedded server hands a cleaned environment to PostgreSQL.
    assert readers <= {"storefront/config.py", "storefront/postgres/server.py"}


def test_a_mail_server_and_the_address_it_sends_from_come_together(tmp_path: Path) -> None:
    server = {"STOREFRONT_HOME": str(tmp_path), "STOREFRONT_MAIL_URL": "smtp://shop:hunter2@mail.example:587"}
    for alone in (server, {"STOREFRONT_HOME": str(tmp_path), "STOREFRONT_MAIL_FROM": "shop@shop.example"}):
        with pytest.raises(Misconfigured, match=r"is set alone; .*MAIL_URL.*MAIL_FROM"):
            config.load(alone)
    settings = config.load(server | {"STOREFRONT_MAIL_FROM": "shop@shop.example"})
    assert "hunter2" not in repr(settings)
    assert config.as_environment(settings)["STOREFRONT_MAIL_URL"] == server["STOREFRONT_MAIL_URL"]


def test_a_wrong_mail_setting_is_told_without_its_password(tmp_path: Path) -> None:
    wrong = {"MAIL_URL": "smtp://shop:hunter2@mail.example:port", "MAIL_FROM": "Shop <shop@shop.example>"}
    with pytest.raises(Misconfigured) as caught:
        config.load({"STOREFRONT_HOME": str(tmp_path)} | {f"STOREFRONT_{name}": value for name, value in wrong.items()})
    assert len(str(caught.value).splitlines()) == 2
    assert "hunter2" not in str(caught.value)
