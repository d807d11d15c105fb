"""News about orders and payments, told in the thread. Every handler may run twice; its cause lets it speak once."""

from textwrap import shorten

from bots.messages import templates
from bots.messages.outbound import Action, Text
from bots.notices.telling import about, ask_for_person
from bots.replies import orders as words
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders.events import (
    OrderCancelled,
    OrderExpired,
    OrderInException,
    OrderPaid,
    OrderPaymentPending,
    OrderRestCancelled,
)
from checkout.orders.states import CancelledBy, ExpiryReason
from checkout.payments import refunds
from checkout.payments.events import PaymentFailed, RefundFailed, RefundSucceeded

_LONGEST = 600  # characters of a template's value: with them its words stay below the provider's limit


async def thank(uow: UnitOfWork, event: OrderPaid, *, public_url: str) -> None:
    """Number, lines, VAT, withdrawal, receipt: the confirmation on a durable medium (§ 312f BGB)."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    order, url = told.order, words.page_of(told.order, public_url)
    lines = told.say(
        "order.thanks_lines", lines=words.lines_in_words(order.lines, told.locale),
        total=order.total.format(told.locale), tax=order.money(order.tax_minor).format(told.locale),
        days=told.shop.settings.returns.days,
    )  # fmt: skip
    text = f"{told.say('order.thanks', number=order.number, url=url)}\n{lines}"
    use = templates.use(
        "order_confirmed", told.locale, order=order.number, total=order.total.format(told.locale), link=order.code
    )
    await told.tell(f"paid:{order.id}", [words.status(order, text, locale=told.locale, public_url=public_url)], use)


async def tell_pending(uow: UnitOfWork, event: OrderPaymentPending) -> None:
    """A way to pay that takes days: say so, so that nobody pays twice."""
    told = await about(uow, event.order_id)
    if told is not None:
        use = templates.use("payment_pending", told.locale, order=told.order.number)
        text = told.say("pay.pending", number=told.order.number)
        await told.tell(f"pending:{event.order_id}", [Text(text=text)], use)


async def tell_cancelled(uow: UnitOfWork, event: OrderCancelled) -> None:
    """Cancelled by the merchant; who cancels in chat is answered there."""
    told = await about(uow, event.order_id)
    if told is None or event.by == CancelledBy.SHOPPER:
        return
    number, back = told.order.number, await refunds.going_back(uow, event.order_id, told.order.currency)
    key = "order.cancelled_refund" if event.refund_needed and back.minor else "order.cancelled"
    text = told.say(key, number=number, total=back.format(told.locale))
    use = templates.use("order_cancelled", told.locale, order=number)
    await told.tell(f"cancelled:{event.order_id}", [Text(text=text)], use)


async def tell_rest_cancelled(uow: UnitOfWork, event: OrderRestCancelled) -> None:
    """What will not come any more; the money that goes back for it is told when it has left."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    missing = told.order.never_sent
    lines = told.say("cart.join").join(
        f"{missing[line.sku]} × {words.line_title(line)}" for line in told.order.lines if line.sku in missing
    )
    text = told.say("order.rest_cancelled", number=told.order.number, lines=lines)
    use = templates.use(
        "order_rest_cancelled", told.locale, order=told.order.number, lines=shorten(lines, _LONGEST, placeholder=" …")
    )
    await told.tell(f"rest_cancelled:{event.order_id}", [Text(text=text)], use)


async def tell_expired(uow: UnitOfWork, event: OrderExpired) -> None:
    """The link ran out unpaid: nothing was charged, and there is a way on.

    A changed cart needs no word, and of a payment that failed `tell_failed` has told.
    """
    told = await about(uow, event.order_id)
    if told is None or event.reason != ExpiryReason.UNPAID:
        return
    again = Action(id="pay", title=told.say("action.pay_again"), primary=True)
    use = templates.use("order_expired", told.locale, order=told.order.number)
    await told.tell(f"expired:{event.order_id}", [Text(text=told.say("order.payment_expired"), actions=(again,))], use)


async def tell_failed(uow: UnitOfWork, event: PaymentFailed) -> None:
    """A payment did not go through; the cart is still there."""
    told = await about(uow, event.order_id)
    if told is not None:
        again = Action(id="pay", title=told.say("action.pay_again"), primary=True)
        text = told.say("order.payment_failed")
        use = templates.use("payment_failed", told.locale, order=told.order.number)
        await told.tell(f"failed:{event.payment_id}", [Text(text=text, actions=(again,))], use)


async def tell_exception(uow: UnitOfWork, event: OrderInException) -> None:
    """Money and order do not fit: the shopper hears that nothing is lost, a person has to look."""
    told = await about(uow, event.order_id)
    if told is not None:
        text = told.say("order.exception", number=told.order.number)
        use = templates.use("order_exception", told.locale, order=told.order.number)
        await told.tell(f"exception:{event.order_id}", [Text(text=text)], use)
        await ask_for_person(uow, told.thread.id, "order_exception")


async def tell_refunded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """The money is on its way back."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    amount = Money(event.amount_minor, event.currency).format(told.locale)
    use = templates.use("order_refunded", told.locale, order=told.order.number, amount=amount)
    text = told.say("refund.sent", amount=amount, number=told.order.number)
    await told.tell(f"refunded:{event.refund_id}", [Text(text=text)], use)


async def tell_refund_failed(uow: UnitOfWork, event: RefundFailed) -> None:
    """The money did not leave: a person finds another way."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    text = told.say("refund.failed", number=told.order.number)
    use = templates.use("refund_failed", told.locale, order=told.order.number)
    await told.tell(f"refund_failed:{event.refund_id}", [Text(text=text)], use)
    await ask_for_person(uow, told.thread.id, "refund_failed")
