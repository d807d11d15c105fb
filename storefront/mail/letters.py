"""The shop's letters: plain text in the reader's language, each one phrase that whole lines are filled into."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

from catalog.kernel.locale import say_day, say_time
from catalog.shops.profile import ShopProfile
from checkout.customers.addresses import is_email
from checkout.orders.models import Order
from checkout.returns.withdrawals import Withdrawal
from storefront.web import pay_view
from storefront.web.trade_phrases import PHRASES

_HEADING = re.compile(r"^#+\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to whom. The same `key` is the same letter, however often it is sent."""

    key: str
    to: str
    subject: str
    text: str


def acknowledgement(made: Withdrawal, shop: ShopProfile, locale: str) -> Letter:
    """That a withdrawal has arrived: what was declared, and when it came (§ 356a BGB)."""
    local = made.declared_at.astimezone(ZoneInfo(shop.settings.timezone))
    text = PHRASES.say(
        locale, "mail.withdrawal.text", name=_line(made.name), number=_line(made.number), email=made.email,
        what=_line(made.what) or PHRASES.say(locale, "withdraw.everything"), reference=made.id,
        day=say_day(local.date(), locale), time=say_time(local, locale), sign=_sign(shop),
    )  # fmt: skip
    subject = PHRASES.say(locale, "mail.withdrawal.subject", number=_line(made.number))
    return Letter(f"withdrawal.{made.id}", made.email, subject, text)


def confirmation(order: Order, shop: ShopProfile, public_url: str) -> Letter:
    """That an order is paid: number, lines, sums with VAT, address and how to withdraw (§ 312f BGB)."""
    locale = shop.locale(order.locale)
    placed = order.placed_at.astimezone(ZoneInfo(shop.settings.timezone))
    text = PHRASES.say(
        locale, "mail.order.text", name=order.delivery.get("name", ""), number=order.number,
        day=say_day(placed.date(), locale), lines=_lines(order, locale), sums=_sums(order, locale),
        address=pay_view.address(order.delivery, shop, locale), page=f"{public_url}/o/{order.code}",
        withdraw=f"{public_url}/withdraw/{shop.slug}?order={order.number}&lang={locale}",
        notice=_notice(shop, locale, public_url), sign=_sign(shop),
    )  # fmt: skip
    subject = PHRASES.say(locale, "mail.order.subject", number=order.number)
    return Letter(f"order.{order.id}", order.delivery.get("email", ""), subject, text)


def sealed(letter: Letter, shop: ShopProfile, *, sender: str, at: datetime) -> EmailMessage:
    """The letter in its envelope. Raises ValueError when no letter can go to that address.

    Its Message-ID is made of its key, so that a copy sent after a crash is known for one.
    """
    to, answers = mailbox(letter.to), mailbox(shop.settings.legal.email)
    if to is None:
        raise ValueError("no letter can go to such an address")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_line(shop.name), addr_spec=sender)
    message["To"] = to
    if answers is not None:
        message["Reply-To"] = answers
    message["Subject"] = letter.subject
    message["Date"] = at
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")  # needs no extension of any server
    return message


def mailbox(text: str) -> Address | None:
    """Where a letter goes, the host as the network knows it; None where none can: what stands before @ is ASCII."""
    name, _, host = text.strip().rpartition("@")
    try:
        return Address(addr_spec=f"{name}@{host.encode('idna').decode()}") if is_email(text.strip()) else None
    except (ValueError, IndexError, HeaderParseError):
        return None


def _lines(order: Order, locale: str) -> str:
    return "\n".join(
        PHRASES.say(
            locale, "mail.line", quantity=line.quantity,
            title=f"{line.title}, {line.variant_title}" if line.variant_title else line.title,
            price=order.money(line.unit_price_minor).format(locale), total=order.money(line.total_minor).format(locale),
        )
        for line in order.lines
    )  # fmt: skip


def _sums(order: Order, locale: str) -> str:
    amounts = [
        *pay_view.rows(
            order.money(order.items_minor), order.money(order.discount_minor), order.discount_code,
            order.money(order.shipping_minor), locale,
        ),
        (PHRASES.say(locale, "pay.total"), order.total.format(locale)),
        *pay_view.taxes(
            [(int(share["rate_bp"]), order.money(int(share["tax"]["minor"]))) for share in order.taxes], locale
        ),
    ]  # fmt: skip
    return "\n".join(PHRASES.say(locale, "mail.sum", what=what, amount=amount) for what, amount in amounts)


def _notice(shop: ShopProfile, locale: str, public_url: str) -> str:
    """The shop's instructions on withdrawal, in full where it has any: a link is no durable medium."""
    text = shop.text(shop.settings.legal.withdrawal, locale).strip()
    url = f"{public_url}/legal/{shop.slug}/withdrawal?lang={locale}"
    return _HEADING.sub("", text) or PHRASES.say(locale, "mail.order.notice", url=url)


def _sign(shop: ShopProfile) -> str:
    legal = shop.settings.legal
    return "\n".join(filter(None, (legal.company or shop.name, legal.email)))


def _line(text: str) -> str:
    return " ".join(text.split())
