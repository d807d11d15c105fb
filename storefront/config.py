"""Every setting of the install: read from STOREFRONT_* once, checked at start, each fault named at once.

`docs/settings.md` is written from the table below (`python -m storefront.config`), and a test holds the two together.
"""

import ipaddress
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.kernel.errors import Misconfigured
from catalog.kernel.secrets import Secret
from checkout.customers.addresses import is_email
from storefront.mail.transport import Server

PREFIX = "STOREFRONT_"
_SECRET_KEY_CHARACTERS = 32
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Secrets hide themselves; paths are absolute; URLs end without a slash."""

    database_url: Secret | None  # None: the embedded server under `home`
    home: Path
    public_url: str
    secret_key: Secret
    media_url: str
    media_base_url: str | None
    lab: bool
    seed: int | None
    log_level: str
    log_format: str
    pool_size: int
    turns_at_once: int
    trusted_proxies: tuple[str, ...]
    postgres_bin: Path | None
    mail_url: Secret | None  # None, and `mail_from` with it: no e-mail is sent
    mail_from: str | None

    @property
    def dsn(self) -> str:
        """The database's libpq URL. Raises Misconfigured before an embedded server was started."""
        if self.database_url is None:
            raise Misconfigured("no database: set STOREFRONT_DATABASE_URL, or start the embedded one first")
        return self.database_url.reveal()


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: how it is read, what holds without it, and what to tell the operator."""

    name: str
    read: Callable[[str], Any]  # raises ValueError with what is expected
    default: str | None  # as it would be written; None: nothing
    about: str

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()


def _database(value: str) -> Secret:
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError("a libpq URL, as postgresql://user:password@host:5432/database")
    return Secret("postgresql" + value.removeprefix(parts.scheme))


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an http or https address, as https://shop.example")
    return value.rstrip("/")


def _key(value: str) -> Secret:
    if len(value) < _SECRET_KEY_CHARACTERS:
        raise ValueError(f"at least {_SECRET_KEY_CHARACTERS} random characters, as `openssl rand -base64 48` makes")
    return Secret(value)


def _mail_server(value: str) -> Secret:
    Server.parse(value)
    return Secret(value)


def _mailbox(value: str) -> str:
    if not (is_email(value) and value.isascii()):
        raise ValueError("a bare e-mail address, as shop@shop.example; each shop's name is put before it")
    return value


def _media(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "s3" and parts.netloc:
        return value.rstrip("/")
    if "://" in value and parts.scheme != "file":
        raise ValueError("a folder, or s3://bucket/prefix")
    return str(_folder(value.removeprefix("file://")))


def _switch(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("1 or 0")


def _count(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        found = next((word for word in words if word.lower() == value.lower()), None)
        if found is None:
            raise ValueError(f"one of {', '.join(words)}")
        return found

    return read


def _networks(value: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in parts:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise ValueError("IP addresses or networks with commas between: 10.0.0.0/8,127.0.0.1") from None
    return parts


ENTRIES: tuple[Entry, ...] = (
    Entry("database_url", _database, None, "PostgreSQL 15 or newer. Without it, the shop runs its own under `HOME`."),
    Entry("home", _folder, "~/.storefront", "Folder of the embedded database, the media and the generated secret key."),
    Entry("public_url", _address, "http://127.0.0.1:8000", "Where shoppers and providers reach the shop: the start of "
          "every payment link, order page and webhook address. Needs https for real channels and payments."),
    Entry("secret_key", _key, None, "Seals stored credentials and signs links. Generated and kept in `HOME/secret_key` "
          "while the database is embedded; required with `DATABASE_URL`, the same on every machine. Losing it "
          "means entering every channel's and payment account's credentials again."),
    Entry("media_url", _media, None, "Where pictures are kept: a folder (default: `HOME/media`), or "
          "`s3://bucket/prefix` with the usual AWS_* variables. Several machines need a shared one."),
    Entry("media_base_url", _address, None, "A CDN or proxy in front of `/media` that passes queries on; default: "
          "`PUBLIC_URL`."),
    Entry("lab", _switch, "0", "1 opens `/lab`, its clock, http and private addresses. Never for real customers."),
    Entry("seed", _count(0, 2**31), None, "Makes ids, codes and jitter repeatable, for replays and demos."),
    Entry("log_level", _one_of(*_LOG_LEVELS), "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Entry("log_format", _one_of("text", "json"), "text", "`text`: key=value, for people; `json`: one object a line."),
    Entry("pool_size", _count(1, 200), "16", "Database connections of each process, at most."),
    Entry("turns_at_once", _count(1, 200), "5", "Turns that each process answers at once; others wait in line."),
    Entry("trusted_proxies", _networks, "127.0.0.1,::1", "Proxies whose X-Forwarded-* headers are believed."),
    Entry("postgres_bin", _folder, None, "Folder with `postgres`, `initdb`, `pg_dump` and `pg_restore`, when it should "
          "not be the packaged one."),
    Entry("mail_url", _mail_server, None, "The mail server: `smtp://user:password@host:587` (STARTTLS) or "
          "`smtps://…:465`, certificates verified; this machine itself is spoken to in plain. Special characters of a "
          "password as `%XX`. Without it no e-mail is sent, and pages promise none."),
    Entry("mail_from", _mailbox, None, "The address that e-mails come from, one that the mail server lets you use; "
          "required with `MAIL_URL`. Answers go to the shop's own address (`legal.email`)."),
)  # fmt: skip


def load(environ: Mapping[str, str] | None = None, /, **overrides: str) -> Settings:
    """The settings of the environment, some of them decided by a command. Raises Misconfigured with every fault.

    With the embedded database the secret key is read from, or made and kept in, `home`. An override is named as in
    `Settings` and written as in the environment; an empty one unsets.
    """
    environ = dict(os.environ if environ is None else environ)
    environ |= {PREFIX + name.upper(): value for name, value in overrides.items()}
    values: dict[str, Any] = {}
    faults: list[str] = []
    for entry in ENTRIES:
        written = environ.get(entry.variable) or entry.default
        values[entry.name] = None
        if written is None:
            continue
        try:
            values[entry.name] = entry.read(written)
        except ValueError as error:
            # A wrong secret is not repeated.
            shown = "…" if entry.read in {_key, _database, _mail_server} else repr(written)
            faults.append(f"{entry.variable} is {shown}; it must be {error}")
    if not environ.get(f"{PREFIX}SECRET_KEY") and environ.get(f"{PREFIX}DATABASE_URL"):
        faults.append(
            f"{PREFIX}SECRET_KEY is not set; with {PREFIX}DATABASE_URL it is required, the same on every machine: "
            "make one with `openssl rand -base64 48`"
        )
    named = [f"{PREFIX}{name}" for name in ("MAIL_URL", "MAIL_FROM") if environ.get(f"{PREFIX}{name}")]
    if len(named) == 1:
        faults.append(
            f"{named[0]} is set alone; e-mails need both {PREFIX}MAIL_URL and {PREFIX}MAIL_FROM: set both, or neither"
        )
    if faults:
        raise Misconfigured("\n".join(faults))
    values["secret_key"] = values["secret_key"] or Secret(_kept_key(values["home"]))
    values["media_url"] = values["media_url"] or str(values["home"] / "media")
    return Settings(**values)


def as_environment(settings: Settings) -> dict[str, str]:
    """This process's environment with the settings as decided, for child processes."""
    written = {entry.variable: _written(getattr(settings, entry.name)) for entry in ENTRIES}
    others = {name: value for name, value in os.environ.items() if name not in written}
    return others | {name: value for name, value in written.items() if value is not None}


def _written(value: object) -> str | None:
    match value:
        case None:
            return None
        case Secret():
            return value.reveal()
        case bool():
            return str(int(value))
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def is_default(settings: Settings, name: str) -> bool:
    """Whether a setting has the value it has when nobody sets it."""
    entry = next(entry for entry in ENTRIES if entry.name == name)
    return _written(getattr(settings, name)) == (entry.default and _written(entry.read(entry.default)))


def unknown(environ: Mapping[str, str] | None = None) -> list[str]:
    """Variables that look like settings but are not: a misspelling, or one of another version."""
    known = {entry.variable for entry in ENTRIES} | _FOR_TESTS
    names = sorted(os.environ if environ is None else environ)
    return [name for name in names if name.startswith(PREFIX) and name not in known]


# Where tests find what is not in the repository.
_FOR_TESTS = frozenset(f"{PREFIX}{name}" for name in ("SHARED", "CHROMIUM", "TEST_DATABASE_URL", "TEST_POSTGRES"))


def _kept_key(home: Path) -> str:
    """The install's own key, made on first use, readable by its owner only. Raises Misconfigured for a closed home."""
    path = home / "secret_key"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        if not path.exists():
            _make_key(path)
        return path.read_text().strip()
    except OSError as error:
        raise Misconfigured(
            f"{PREFIX}HOME is {str(home)!r}: {error.strerror}; name a folder that this user may read and write"
        ) from error


def _make_key(path: Path) -> None:
    # Written aside and linked, so that a second process never reads half a key; the first to link it wins.
    draft = path.with_name(f"secret_key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def document() -> str:
    """The text of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "All settings are environment variables. Every one is checked at start, and every fault is named at once.",
        "",
        "| variable | default | what it decides |",
        "|---|---|---|",
    ]
    for entry in ENTRIES:
        default = f"`{entry.default}`" if entry.default is not None else ""
        lines.append(f"| `{entry.variable}` | {default} | {entry.about} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
