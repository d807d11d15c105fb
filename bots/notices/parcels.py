"""News about parcels, told in the thread."""

from bots.messages import templates
from bots.messages.outbound import Action
from bots.notices.telling import about
from bots.replies import orders as words
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import service as fulfilment
from checkout.fulfilment.events import ParcelShipped


async def tell_shipped(uow: UnitOfWork, event: ParcelShipped, *, public_url: str) -> None:
    """What is in the parcel and where it is; by template when the window has closed."""
    told = await about(uow, event.order_id)
    parcel = await fulfilment.get(uow, event.order_id, event.fulfilment_id)
    if told is None or parcel is None:
        return
    sent = dict(parcel.lines)
    lines = told.say("cart.join").join(
        f"{sent[line.sku]} × {words.line_title(line)}" for line in told.order.lines if line.sku in sent
    )
    tracking = f"{event.carrier} {event.tracking_code}".strip()
    if event.tracking_url:
        tracking = told.say("order.tracking", carrier=event.carrier, code=event.tracking_code, url=event.tracking_url)
    text = told.say("order.shipped", number=told.order.number, lines=lines, tracking=tracking).strip()
    use = templates.use(
        "order_shipped", told.locale, order=told.order.number, carrier=event.carrier, tracking=event.tracking_code,
        link=told.order.code,
    )  # fmt: skip
    actions = (
        (Action(id="track", title=told.say("action.track"), url=event.tracking_url),) if event.tracking_url else ()
    )
    message = words.status(told.order, text, locale=told.locale, public_url=public_url, actions=actions)
    await told.tell(f"shipped:{event.fulfilment_id}", [message], use)
