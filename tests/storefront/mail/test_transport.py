"""Letters leave by SMTP, sealed where they leave the machine; every refusal is known for passing or final."""

import asyncio
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest

from catalog.kernel.secrets import Secret
from storefront.mail.transport import MailFault, Security, Server, SmtpMailer
from tests.storefront.mail.double import HANG_UP, SILENCE, MailServer, certificates, mail_server

SENDER = "shop@shop.example"


def a_letter(to: str = "jana@example.org") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = SENDER, to, "Dein Widerruf: Größe"
    letter.set_content("Schöne Grüße\n.\nAda\n", cte="quoted-printable")
    return letter


def plain(server: MailServer, timeout_s: float = 5) -> SmtpMailer:
    return SmtpMailer(Server("127.0.0.1", server.port, Security.NONE), SENDER, timeout_s=timeout_s)


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://mail.example", "mail.example", 587, Security.STARTTLS),
        ("smtp://mail.example:2525", "mail.example", 2525, Security.STARTTLS),
        ("smtps://mail.example", "mail.example", 465, Security.TLS),
        ("smtp://localhost:25", "localhost", 25, Security.NONE),
        ("smtps://[::1]:465/", "::1", 465, Security.TLS),
    ],
)
def test_an_address_says_how_the_connection_is_sealed(url: str, host: str, port: int, security: Security) -> None:
    server = Server.parse(url)
    assert (server.host, server.port, server.security, server.user) == (host, port, security, "")


def test_user_and_password_are_read_out_of_the_address_and_hidden() -> None:
    server = Server.parse("smtps://shop%40mail.example:p%23ss%2Fw%C3%B6rd@mail.example")
    assert (server.user, server.password and server.password.reveal()) == ("shop@mail.example", "p#ss/wörd")
    assert "wörd" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "https://mail.example", "smtp://", "smtp://user@mail.example", "smtp://user:hunter#2@mail.example",
        "smtp://user:hunter/2@mail.example", "smtp://mail.example:hunter", "smtp://mail.example?tls=no",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_mail_server_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://user:password@") as caught:
        Server.parse(url)
    assert "hunter" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with mail_server() as server:
        await plain(server).send(a_letter())
    (letter,) = server.letters
    assert letter["Subject"] == "Dein Widerruf: Größe"
    assert letter.get_content() == "Schöne Grüße\n.\nAda\n"
    assert all(byte < 128 for byte in server.raw[0])
    assert server.said == ["ehlo shop.example", f"mail FROM:<{SENDER}> size={_size(server)}",
                           "rcpt TO:<jana@example.org>", "data", "quit"]  # fmt: skip


def _size(server: MailServer) -> str:
    return server.said[1].rpartition("=")[2]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(("reply", "passing"), [("451 4.7.1 later", True), ("550 5.1.1 no <jana@example.org>", False)])
async def test_a_refusal_is_passing_or_final_by_its_number(verb: str, reply: str, *, passing: bool) -> None:
    async with mail_server() as server:
        server.answers[verb] = [reply]
        with pytest.raises(MailFault) as caught:
            await plain(server).send(a_letter())
        assert (caught.value.passing, reply[:9] in caught.value.detail) == (passing, True)
        assert "jana" not in str(caught.value)
        assert server.letters == []


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
async def test_a_line_that_breaks_is_passing(verb: str) -> None:
    async with mail_server() as server:
        server.answers[verb] = [HANG_UP]
        with pytest.raises(MailFault, match="did not answer") as caught:
            await plain(server).send(a_letter())
    assert caught.value.passing


async def test_a_letter_that_was_taken_stays_taken_however_the_farewell_goes() -> None:
    async with mail_server() as server:
        server.answers["QUIT"] = [HANG_UP, "421 4.3.0 going down"]
        await plain(server).send(a_letter())
        await plain(server).send(a_letter())
    assert len(server.letters) == 2


async def test_starttls_comes_before_the_password(tmp_path: Path) -> None:
    shown, trusted = certificates(tmp_path)
    async with mail_server(tls=shown) as server:
        at = Server("127.0.0.1", server.port, Security.STARTTLS, "shop", Secret("geheim"))
        await SmtpMailer(at, SENDER, context=trusted).send(a_letter())
    assert server.logins == [("shop", "geheim", True)]
    assert len(server.letters) == 1


async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    shown, trusted = certificates(tmp_path)
    async with mail_server(tls=shown, implicit=True) as server:
        at = Server("127.0.0.1", server.port, Security.TLS, "shop", Secret("geheim"))
        await SmtpMailer(at, SENDER, context=trusted).check()
    assert server.logins == [("shop", "geheim", True)]
    assert server.letters == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
async def test_no_password_is_told_to_whom_the_certificate_does_not_prove(
    tmp_path: Path, security: Security, host: str
) -> None:
    """Signed by nobody we trust, or for another host."""
    shown, trusted = certificates(tmp_path, host)
    async with mail_server(tls=shown, implicit=security is Security.TLS) as server:
        at = Server("127.0.0.1", server.port, security, "shop", Secret("geheim"))
        with pytest.raises(MailFault, match="certificate that does not hold") as caught:
            await SmtpMailer(at, SENDER, context=None if host == "127.0.0.1" else trusted).check()
    assert server.logins == []
    assert "renew the certificate" in caught.value.next_step


async def test_a_server_without_starttls_gets_neither_password_nor_letter() -> None:
    async with mail_server() as server:
        at = Server("127.0.0.1", server.port, Security.STARTTLS, "shop", Secret("geheim"))
        with pytest.raises(MailFault, match="no STARTTLS"):
            await SmtpMailer(at, SENDER).send(a_letter())
    assert not [line for line in server.said if line.startswith(("AUTH", "mail"))]


async def test_what_stands_in_the_way_is_told_with_the_next_step(tmp_path: Path) -> None:
    shown, trusted = certificates(tmp_path)
    async with mail_server(tls=shown) as server:
        wrong = Server("127.0.0.1", server.port, Security.STARTTLS, "shop", Secret("hunter2"))
        told = {"refuses user or password": SmtpMailer(wrong, SENDER, context=trusted)}
        told |= {"does not speak TLS": SmtpMailer(Server("127.0.0.1", server.port, Security.TLS), SENDER)}
        told |= {"there is no host": SmtpMailer(Server("nowhere.invalid", 587, Security.STARTTLS), SENDER)}
        told |= {"does not answer": SmtpMailer(Server("127.0.0.1", _closed_port(), Security.NONE), SENDER)}
        for words, mailer in told.items():
            with pytest.raises(MailFault, match=words) as caught:
                await mailer.check()
            assert caught.value.next_step
            assert "hunter2" not in str(caught.value)
        server.answers[""] = ["554 5.7.1 go away"]
        with pytest.raises(MailFault, match=r"turns us away \(554 5\.7\.1\)"):
            await plain(server).check()


async def test_a_server_that_falls_silent_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = SmtpMailer(Server("127.0.0.1", silent.getsockname()[1], Security.NONE), SENDER, timeout_s=0.2)
        with pytest.raises(MailFault, match="does not answer"):
            await mailer.send(a_letter())


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_a_worker_that_stops_leaves_no_letter_on_its_way() -> None:
    async with mail_server() as server:
        server.answers["RCPT"] = [SILENCE]
        sending = asyncio.create_task(plain(server, timeout_s=60).send(a_letter()))
        async with asyncio.timeout(10):
            await server.silent.wait()
            sending.cancel()
            await server.left.wait()
        assert sending.cancelled()
        assert server.letters == []
