"""The shop's letters: plain text in the reader's language, each one phrase that whole lines are filled into."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID
from zoneinfo import ZoneInfo

from catalog.kernel.locale import say_day, say_time
from catalog.shops.profile import ShopProfile
from checkout.customers.addresses import is_email
from checkout.fulfilment.service import Fulfilment
from checkout.orders.models import Order, OrderLine
from checkout.payments.refunds import RefundView
from checkout.returns.values import Return
from checkout.returns.withdrawals import Withdrawal
from storefront.web import pay_view
from storefront.web.trade_phrases import PHRASES

_GAP = re.compile(r"\n{3,}")
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


def shipped(order: Order, parcel: Fulfilment, shop: ShopProfile, public_url: str) -> Letter:
    """That a parcel has left: what is in it, and where it is."""
    locale = shop.locale(order.locale)
    key = "mail.tracking" if parcel.tracking_url else "mail.tracking_short" if parcel.tracking_code else ""
    tracking = key and PHRASES.say(
        locale, key, carrier=parcel.carrier, code=parcel.tracking_code, url=parcel.tracking_url
    )
    return _news(
        "shipped", parcel.id, order, shop, lines=_pieces(order, dict(parcel.lines), locale), tracking=tracking,
        address=pay_view.address(order.delivery, shop, locale), page=f"{public_url}/o/{order.code}",
    )  # fmt: skip


def return_approved(order: Order, approved: Return, shop: ShopProfile) -> Letter:
    """That a return is expected: what of it, where to, and what the parcel is handed in with."""
    locale, address = shop.locale(order.locale), shop.settings.returns.address
    parts = {
        "mail.return_address": {"address": address}, "mail.return_label": {"url": approved.label_url},
        "mail.return_code": {"code": approved.code},
    }  # fmt: skip
    how = [PHRASES.say(locale, key, **values) for key, values in parts.items() if all(values.values())]
    return _news(
        "approved", approved.id, order, shop, lines=_pieces(order, _back(approved), locale),
        how="\n\n".join(how),
    )  # fmt: skip


def return_received(order: Order, received: Return, shop: ShopProfile) -> Letter:
    """That a return has arrived, and what goes back for it."""
    locale = shop.locale(order.locale)
    amount = received.refund.format(locale) if received.refund_id and received.refund else ""
    refund = amount and PHRASES.say(locale, "mail.return_refund", amount=amount)
    lines = _pieces(order, _back(received), locale)
    return _news("received", received.id, order, shop, lines=lines, refund=refund)


def refunded(order: Order, refund: RefundView, shop: ShopProfile) -> Letter:
    """That money is on its way back."""
    return _news("refunded", refund.id, order, shop, amount=refund.amount.format(shop.locale(order.locale)))


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


def _news(kind: str, of: UUID, order: Order, shop: ShopProfile, **values: str) -> Letter:
    """A letter about what became of an order, in its language; a value that there is none of leaves no gap."""
    locale = shop.locale(order.locale)
    text = PHRASES.say(
        locale, f"mail.{kind}.text", name=order.delivery.get("name", ""), number=order.number, sign=_sign(shop),
        **values,
    )  # fmt: skip
    subject = PHRASES.say(locale, f"mail.{kind}.subject", number=order.number)
    return Letter(f"{kind}.{of}", order.delivery.get("email", ""), subject, _GAP.sub("\n\n", text))


def _pieces(order: Order, units: Mapping[str, int], locale: str) -> str:
    return "\n".join(
        PHRASES.say(locale, "mail.piece", quantity=units[line.sku], title=_title(line))
        for line in order.lines
        if line.sku in units
    )


def _back(found: Return) -> dict[str, int]:
    return {sku: quantity for sku, quantity, _ in found.lines}


def _title(line: OrderLine) -> str:
    return f"{line.title}, {line.variant_title}" if line.variant_title else line.title


def _lines(order: Order, locale: str) -> str:
    return "\n".join(
        PHRASES.say(
            locale, "mail.line", quantity=line.quantity, title=_title(line),
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
