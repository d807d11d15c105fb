"""A mail server on this machine that speaks SMTP (RFC 5321, 3207, 4954), keeps what it takes and refuses when told."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_UP = "hang up"
SILENCE = "silence"  # until the other side goes


@dataclass
class MailServer:
    """What came, and what is answered instead of yes: `answers["RCPT"]` holds the next replies to RCPT."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)  # somebody waits for an answer
    left: asyncio.Event = field(default_factory=asyncio.Event)  # and went without one
    logins: list[tuple[str, str, bool]] = field(default_factory=list)  # user, password, whether under TLS
    answers: dict[str, list[str]] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    offers: tuple[str, ...] = ("8BITMIME",)
    password: str = "geheim"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await self._reply(writer, self._answer("", "220 mail.test ESMTP"))
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                self.said.append(line)
                verb, _, rest = line.partition(" ")
                reply = self._answer(verb.upper(), self._usual(verb.upper(), rest, writer))
                if reply == SILENCE:
                    self.silent.set()
                    await reader.read()
                    self.left.set()
                if reply in {HANG_UP, SILENCE}:
                    break
                await self._reply(writer, reply)
                if verb.upper() == "DATA" and reply.startswith("354"):
                    await self._take(reader, writer)
                elif verb.upper() == "STARTTLS" and reply.startswith("220"):
                    assert self.tls is not None
                    await writer.start_tls(self.tls)
                elif verb.upper() == "QUIT":
                    break
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    def _answer(self, verb: str, usual: str) -> str:
        waiting = self.answers.get(verb)
        return waiting.pop(0) if waiting else usual

    def _usual(self, verb: str, rest: str, writer: asyncio.StreamWriter) -> str:
        if verb == "EHLO":
            return "\r\n".join([*(f"250-{one}" for one in ("mail.test", *self.offers)), "250 SIZE 1000000"])
        if verb == "AUTH":
            _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
            self.logins.append((user, password, writer.get_extra_info("ssl_object") is not None))
            return "235 2.7.0 welcome" if password == self.password else "535 5.7.8 wrong password"
        return {"STARTTLS": "220 go", "DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = await reader.readuntil(b"\r\n.\r\n")
        reply = self._answer("END", "250 2.0.0 taken")
        if not reply.startswith(("4", "5")):
            self.raw.append(raw)
            unstuffed = raw[:-3].replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n")
            self.letters.append(message_from_bytes(unstuffed, policy=policy.default))
        if reply == HANG_UP:
            writer.close()
        else:
            await self._reply(writer, reply)

    async def _reply(self, writer: asyncio.StreamWriter, reply: str) -> None:
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def mail_server(*, tls: ssl.SSLContext | None = None, implicit: bool = False) -> AsyncIterator[MailServer]:
    """A server on a free port; `tls` offers STARTTLS, or, `implicit`, seals from the first byte."""
    made = MailServer(tls=tls)
    if tls is not None:
        made.offers += ("AUTH PLAIN",) if implicit else ("AUTH PLAIN", "STARTTLS")
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls if implicit else None)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


def certificates(folder: Path, host: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows for a host, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    shown = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "mail.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + shown.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
