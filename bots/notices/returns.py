"""News about returns, told in the thread."""

from zoneinfo import ZoneInfo

from bots.messages import templates
from bots.messages.outbound import Text
from bots.notices.telling import about, ask_for_person
from catalog.kernel.locale import say_day, say_time
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.returns import withdrawals
from checkout.returns.events import ReturnApproved, ReturnReceived, ReturnRejected, WithdrawalDeclared


async def tell_approved(uow: UnitOfWork, event: ReturnApproved) -> None:
    """It is expected; where to send it, and what to hand it in with."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    address = told.shop.settings.returns.address
    key = "return.approved" if address else "return.approved_short"
    lines = [told.say(key, number=told.order.number, address=address)]
    lines += [told.say("return.label", url=event.label_url)] if event.label_url else []
    lines += [told.say("return.code", code=event.code)] if event.code else []
    text = "\n".join(lines)
    use = templates.use("return_update", told.locale, order=told.order.number, news=text)
    await told.tell(f"return_approved:{event.return_id}", [Text(text=text)], use)


async def tell_rejected(uow: UnitOfWork, event: ReturnRejected) -> None:
    """It is not taken back, why, and who to talk to."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    text = told.say("return.rejected", number=told.order.number, reason=event.reason)
    use = templates.use("return_update", told.locale, order=told.order.number, news=text)
    await told.tell(f"return_rejected:{event.return_id}", [Text(text=text)], use)


async def tell_received(uow: UnitOfWork, event: ReturnReceived) -> None:
    """It has arrived, and what goes back for it."""
    told = await about(uow, event.order_id)
    if told is None:
        return
    if event.refund_id is not None and event.refund_minor:
        amount = Money(event.refund_minor, event.currency).format(told.locale)
        text = told.say("return.received", number=told.order.number, amount=amount)
    else:
        text = told.say("return.received_plain", number=told.order.number)
    use = templates.use("return_update", told.locale, order=told.order.number, news=text)
    await told.tell(f"return_received:{event.return_id}", [Text(text=text)], use)


async def flag_withdrawal(uow: UnitOfWork, event: WithdrawalDeclared) -> None:
    """A declaration by the online function: a person of the shop sees to goods and money."""
    if event.conversation_id is not None:
        await ask_for_person(uow, event.conversation_id, "withdrawal")


async def acknowledge_withdrawal(uow: UnitOfWork, event: WithdrawalDeclared) -> None:
    """What was declared, and when it arrived (§ 356a BGB), where the order was placed in a chat."""
    told = await about(uow, event.order_id) if event.order_id is not None else None
    if told is None:
        return
    made = await withdrawals.get(uow, event.withdrawal_id)
    local = made.declared_at.astimezone(ZoneInfo(told.shop.settings.timezone))
    text = told.say(
        "withdrawal.received", number=told.order.number, name=made.name,
        what=made.what or told.say("withdrawal.everything"), day=say_day(local.date(), told.locale),
        time=say_time(local, told.locale),
    )  # fmt: skip
    use = templates.use("return_update", told.locale, order=told.order.number, news=text)
    await told.tell(f"withdrawal:{event.withdrawal_id}", [Text(text=text)], use)
