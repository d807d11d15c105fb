"""What payments refuse."""

from typing import ClassVar

from catalog.kernel.errors import Conflict, Invalid, Unavailable


class ProviderDown(Unavailable):
    """The provider did not answer, or answered that it cannot; the value `stored` tells the two apart.

    After no answer the outcome is unknown: the same call with the same key is right. After a stored 5xx answer the
    same key would only bring the same answer: read the object's state first, then use a new key.
    """

    code: ClassVar[str] = "payment_provider_down"


class ProviderRefused(Conflict):
    """The provider understood and refused; asking again the same way is useless."""

    code: ClassVar[str] = "payment_refused"


class Declined(ProviderRefused):
    """The payer's bank refused; another card or another way may work."""

    code: ClassVar[str] = "payment_declined"


class AmountNotPayable(Invalid):
    """The provider cannot take this amount: too small (`least_minor`), too large (`most_minor`), or not at all."""

    code: ClassVar[str] = "amount_not_payable"


class RefundTooLarge(Conflict):
    """More than was captured and not yet given back."""

    code: ClassVar[str] = "refund_too_large"


class Disputed(Conflict):
    """The payer's bank asks the payment back: a refund now would pay twice, a parcel may never be paid."""

    code: ClassVar[str] = "payment_disputed"


class FraudSuspected(Conflict):
    """The card network takes the payment for fraud: a dispute is likely to follow, and the parcel is lost then."""

    code: ClassVar[str] = "fraud_warned"


class MoneyGoesBack(Conflict):
    """All that was paid is asked to go back, or has gone: goods for it would be a present."""

    code: ClassVar[str] = "money_goes_back"


class AccountInUse(Conflict):
    """The payment account cannot be removed: new payments go through it, or some of its own are not over."""

    code: ClassVar[str] = "payment_account_in_use"


class StaleAccount(Conflict):
    """The caller's copy of the account is not the newest one."""

    code = "stale_account"


class NoPaymentAccount(Conflict):
    """The shop has no active payment account."""

    code: ClassVar[str] = "no_payment_account"
