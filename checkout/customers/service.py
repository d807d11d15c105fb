"""What can be asked about the people who buy."""

from uuid import UUID

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers import addresses, repository
from checkout.customers.errors import CannotMerge
from checkout.customers.events import CustomerErased, CustomersMerged, CustomersParted
from checkout.customers.values import Address, Customer, Delivery


async def create(uow: UnitOfWork, *, name: str = "", email: str = "", phone: str = "", locale: str = "") -> UUID:
    """A new person, known by as much as the channel told."""
    customer_id = new_id()
    await repository.insert(
        uow, customer_id, name=name.strip(), email=email.strip(), phone=phone.strip(), locale=locale
    )
    return customer_id


async def take_back(uow: UnitOfWork, customer_id: UUID) -> None:
    """Forget a row that this transaction has made of a person whom another one made at the same moment."""
    await repository.delete(uow, customer_id)


async def get(uow: UnitOfWork, customer_id: UUID) -> Customer:
    """A person. Raises CustomerNotFound."""
    return await repository.get(uow, customer_id)


async def find_by_email(uow: UnitOfWork, email: str) -> list[Customer]:
    """Everybody who gave this address, newest first. It proves nothing: never merge by it alone."""
    return await repository.find_by_email(uow, email.strip())


async def describe(uow: UnitOfWork, customer_id: UUID, *, name: str = "", email: str = "", phone: str = "") -> None:
    """Learn more about a person; what is empty leaves what is known."""
    await repository.update(uow, customer_id, {"name": name, "email": email, "phone": phone})


async def introduce(uow: UnitOfWork, customer_id: UUID, *, name: str = "", email: str = "") -> None:
    """Somebody tells who the person is: only what is not known of them is taken up. Raises CustomerNotFound."""
    person = await repository.get(uow, customer_id)
    told = {"name": name.strip(), "email": email.strip()}
    await repository.update(uow, customer_id, {each: told[each] for each in told if not getattr(person, each)})


async def remember_address(uow: UnitOfWork, customer_id: UUID, address: Address) -> Address:
    """The address to send to from now on. Raises Invalid that points at the field that the post would refuse."""
    delivery = Delivery("-", "a@example.org", address.street, address.postal_code, address.city, address.country)
    clean = addresses.check(delivery).address
    await repository.set_address(uow, customer_id, clean)
    return clean


async def remember_delivery(uow: UnitOfWork, customer_id: UUID, delivery: Delivery) -> None:
    """Name, e-mail and address of an order, for the next one. Raises Invalid as `addresses.check` does."""
    clean = addresses.check(delivery)
    await repository.update(uow, customer_id, {"name": clean.name, "email": clean.email, "phone": clean.phone})
    await repository.set_address(uow, customer_id, clean.address)


async def merge(uow: UnitOfWork, from_id: UUID, into_id: UUID, *, proof: str) -> UUID:
    """Two rows are one person, proven by `proof` (a word such as 'same_account'); gives the merge, to undo it by.

    Orders follow by the pointer and stay where they are; the cart follows by CustomersMerged. What the remaining row
    does not know, it learns. Raises CannotMerge for a row with itself, and for a row that is another's already: a
    repeat is refused too.
    """
    if from_id == into_id:
        raise CannotMerge("a person is the same as themselves already", customer_id=str(from_id))
    people = await repository.lock_pair(uow, from_id, into_id)
    if people[from_id].merged_into or people[into_id].merged_into:
        raise CannotMerge("one of these is known as somebody else already", from_id=str(from_id), into_id=str(into_id))
    merge_id = new_id()
    await repository.set_merged(uow, from_id, into_id)
    await repository.insert_merge(uow, merge_id, from_id=from_id, into_id=into_id, proof=proof)
    await _teach(uow, people[from_id], people[into_id])
    uow.record(CustomersMerged(merge_id, from_id, into_id))
    return merge_id


async def part(uow: UnitOfWork, customer_id: UUID) -> bool:
    """Take back that this row is another one's person; False when it is none. Orders are at once where they were."""
    row = await repository.reverse_merge(uow, customer_id)
    if row is None:
        return False
    await repository.set_merged(uow, customer_id, None)
    uow.record(CustomersParted(row["id"], customer_id, row["into_id"]))
    return True


async def known_as(uow: UnitOfWork, customer_id: UUID) -> UUID:
    """The person that a row stands for now: itself, or whom it was merged into."""
    return (await repository.get(uow, customer_id)).merged_into or customer_id


async def erase(uow: UnitOfWork, customer_id: UUID) -> bool:
    """Forget a person (GDPR Art. 17), with every row proven to be the same one; False when that was done before.

    The rows stay, nameless, because orders point at them; what tax law keeps (AO § 147, UStG § 14b) stays on these.
    """
    erased = await repository.erase(uow, await same_person(uow, customer_id))
    for each in erased:
        uow.record(CustomerErased(each))
    return bool(erased)


async def same_person(uow: UnitOfWork, customer_id: UUID) -> list[UUID]:
    """The rows that are proven to be one person with this one, itself among them."""
    return await repository.same_person(uow, customer_id)


async def _teach(uow: UnitOfWork, source: Customer, target: Customer) -> None:
    lacking = {
        field: getattr(source, field) for field in ("name", "email", "phone", "locale") if not getattr(target, field)
    }
    await repository.update(uow, target.id, lacking)
    if target.address is None and source.address is not None:
        await repository.set_address(uow, target.id, source.address)
