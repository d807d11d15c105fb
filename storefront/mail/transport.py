"""Sends letters to the operator's mail server: SMTP of the standard library, one connection each, in a thread."""

import asyncio
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from catalog.kernel.secrets import Secret

# What is on this machine is spoken to without TLS: a relay of its own, or one for trying.
_HERE = {"localhost", "127.0.0.1", "::1"}
_TIMEOUT_S = 20.0
_CODES = re.compile(r"\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?")
_PERMANENT = range(500, 600)
_EXPECTED = (
    "an address of a mail server, as smtp://user:password@mail.example:587 (STARTTLS) or "
    "smtps://user:password@mail.example:465; other characters than letters and digits in a password as %XX"
)


class Security(StrEnum):
    """How the connection is sealed."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and who we are to it; no `user`: it asks for none."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: Secret | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `smtp://` or `smtps://`. Raises ValueError that says what is expected and nothing of the address."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # its words would repeat a part of the password
            raise ValueError(_EXPECTED) from None
        wrong = parts.path.strip("/") or parts.query or parts.fragment or bool(parts.username) != bool(parts.password)
        if parts.scheme not in {"smtp", "smtps"} or not host or wrong:
            raise ValueError(_EXPECTED)
        security = Security.NONE if host in _HERE else Security.STARTTLS
        if parts.scheme == "smtps":
            security = Security.TLS
        port = port or (465 if security is Security.TLS else 587)
        if not parts.username or not parts.password:
            return cls(host, port, security)
        return cls(host, port, security, unquote(parts.username), Secret(unquote(parts.password)))


class MailFault(Exception):
    """A letter did not leave. `passing`: the same may go through later. Holds no address of a person and no secret."""

    def __init__(self, detail: str, next_step: str = "", *, passing: bool = True) -> None:
        super().__init__(detail)
        self.detail = detail
        self.next_step = next_step
        self.passing = passing


class Mailer(Protocol):
    """Whatever sends letters. `sender` is the address they come from."""

    sender: str

    async def send(self, letter: EmailMessage) -> None:
        """Hand one letter over. Raises MailFault."""

    async def check(self) -> None:
        """Connect, seal and log in, and send nothing. Raises MailFault that says what to do."""


class SmtpMailer:
    """A server that takes letters by SMTP. Its certificate is verified, by `context` where one is given."""

    def __init__(
        self, server: Server, sender: str, *, context: ssl.SSLContext | None = None, timeout_s: float = _TIMEOUT_S
    ) -> None:
        self.sender = sender
        self._server = server
        self._context = context or ssl.create_default_context()
        self._timeout_s = timeout_s

    async def send(self, letter: EmailMessage) -> None:
        """Hand one letter over. Raises MailFault. Cancelled, it cuts the line: nothing leaves behind its caller's back.

        What the server had in full by then may still arrive: SMTP knows no taking back.
        """
        line = _Line()
        try:
            await asyncio.to_thread(self._send, letter, line)
        except asyncio.CancelledError:
            line.cut()
            raise

    async def check(self) -> None:
        """Connect, seal and log in, and send nothing. Raises MailFault that says what to do."""
        await asyncio.to_thread(self._check)

    def _check(self) -> None:
        with self._connected():
            pass

    def _send(self, letter: EmailMessage, line: "_Line") -> None:
        with self._connected() as smtp:
            try:
                line.hold(smtp)
                smtp.send_message(letter, from_addr=self.sender)
            except smtplib.SMTPRecipientsRefused as refused:
                ((code, reply),) = refused.recipients.values()
                raise _refusal(code, reply) from None
            except smtplib.SMTPResponseException as refused:
                raise _refusal(refused.smtp_code, refused.smtp_error) from None
            except (OSError, smtplib.SMTPException) as error:  # the line broke
                raise MailFault(f"the server did not answer ({type(error).__name__})") from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A sealed connection that is logged in. A letter that was taken stays taken, however the farewell goes."""
        try:
            smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise self._explain(error) from None
        try:
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server, host = self._server, self.sender.rpartition("@")[2]
        smtp: smtplib.SMTP
        if server.security is Security.TLS:
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=host, timeout=self._timeout_s, context=self._context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_hostname=host, timeout=self._timeout_s)
        try:
            if server.security is Security.STARTTLS:
                smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
            if server.password:
                smtp.login(server.user, server.password.reveal())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _explain(self, error: OSError | smtplib.SMTPException) -> MailFault:
        """Why no connection came about, and what to do. None of it says anything about a letter: all of it may pass."""
        at = f"{self._server.host}:{self._server.port}"
        match error:
            case ssl.SSLCertVerificationError():
                cause = f"{at} shows a certificate that does not hold: {error.verify_message}"
                step = "name the host in STOREFRONT_MAIL_URL as its certificate does, or renew the certificate"
            case ssl.SSLError():
                cause = f"{at} does not speak TLS as expected: {error.reason}"
                step = "smtps:// is for port 465, smtp:// for port 587; correct STOREFRONT_MAIL_URL"
            case smtplib.SMTPAuthenticationError():
                cause = f"{at} refuses user or password ({_code(error.smtp_code, error.smtp_error)})"
                step = "correct both in STOREFRONT_MAIL_URL; some providers want a password made for programs"
            case smtplib.SMTPNotSupportedError():
                cause = f"{at} offers no STARTTLS or no login"
                step = "use your provider's address for submission, often port 587, or smtps:// and port 465"
            case smtplib.SMTPResponseException():
                cause = f"{at} turns us away ({_code(error.smtp_code, error.smtp_error)})"
                step = "ask its provider whether this machine may send, or correct STOREFRONT_MAIL_URL"
            case socket.gaierror():
                cause, step = f"there is no host {self._server.host}", "correct its name in STOREFRONT_MAIL_URL"
            case _:
                cause = f"{at} does not answer ({type(error).__name__})"
                step = "correct host and port in STOREFRONT_MAIL_URL, or let this machine reach them"
        return MailFault(cause, step)


class _Line:
    """A connection that a thread works on, for somebody else to cut."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._is_cut = False

    def hold(self, smtp: smtplib.SMTP) -> None:
        """This is the connection from now on. Raises ConnectionError when it is cut already."""
        self._smtp = smtp
        if self._is_cut:
            raise ConnectionAbortedError

    def cut(self) -> None:
        """Whatever the thread waits for fails at once."""
        self._is_cut = True
        if self._smtp is not None and self._smtp.sock is not None:
            with suppress(OSError):  # the server was faster
                socket.socket.shutdown(self._smtp.sock, socket.SHUT_RDWR)


def open_mailer(url: Secret | None, sender: str | None) -> Mailer | None:
    """The mailer of the settings; None where they name none."""
    return SmtpMailer(Server.parse(url.reveal()), sender) if url and sender else None


def _refusal(code: int, reply: bytes | str) -> MailFault:
    return MailFault(f"the server refuses the letter ({_code(code, reply)})", passing=code not in _PERMANENT)


def _code(code: int, reply: bytes | str) -> str:
    """A reply's numbers, as 550 5.1.1: its words often repeat whom the letter was for."""
    words = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    found = _CODES.match(f"{code} {words}")
    return found.group() if found else str(code)
