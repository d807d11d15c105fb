"""PaymentIntents, their methods and charges: behind the test page, and the path of Apple Pay in chat."""

from storefront.lab.stripe_double import intent_objects
from storefront.lab.stripe_double.answers import Json, Refused, bad, missing, whole
from storefront.lab.stripe_double.double import StripeDouble

_DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "payment_method_not_available": "The payment did not go through.",
}


def make(double: StripeDouble, *, amount: int, currency: str, extra: Json) -> Json:
    """A new intent that waits for a method."""
    made = intent_objects.payment_intent(
        intent_id=double.new_id("pi"), now=double.now(), amount=amount, currency=currency, extra=extra
    )
    double.objects["payment_intent"][made["id"]] = made
    return made


def create(double: StripeDouble, params: Json, *, key: str | None) -> Json:
    """POST /v1/payment_intents: made, and with `confirm=true` taken from the card at once."""
    amount = whole(params.get("amount"), "amount")
    if not params.get("currency"):
        raise bad("currency", "Missing required param: currency.", "parameter_missing")
    method = double.objects["payment_method"].get(str(params.get("payment_method")))
    if params.get("confirm") == "true" and method is None:
        raise missing("payment_method", str(params.get("payment_method")))
    made = make(double, amount=amount, currency=str(params["currency"]).lower(), extra=params)
    if params.get("confirm") == "true" and method is not None:
        _taken(double, made, method, key=key)
    return made


def create_token(double: StripeDouble, params: Json) -> Json:
    """POST /v1/tokens with an Apple Pay payment; its fields are those that Stripe's own iOS code sends."""
    if not params.get("pk_token"):
        raise bad("pk_token", "The double makes tokens of Apple Pay payments only", "parameter_missing")
    made = intent_objects.token(token_id=double.new_id("tok"), card_id=double.new_id("card"), now=double.now())
    double.objects["token"][made["id"]] = made
    return made


def create_method(double: StripeDouble, params: Json) -> Json:
    """POST /v1/payment_methods with a card token, which is used up by it."""
    token = double.objects["token"].get(str((params.get("card") or {}).get("token")))
    if params.get("type") != "card" or token is None:
        raise bad("card[token]", "The double makes cards of tokens only", "parameter_missing")
    if token["used"]:
        raise Refused("You cannot use a Stripe token more than once.", code="token_already_used", param="card[token]")
    token["used"] = True
    return _method(double, "card", email=None, name=None)


def succeed(double: StripeDouble, intent: Json, *, kind: str, email: str | None, name: str | None) -> None:
    """The money is ours."""
    _taken(double, intent, _method(double, kind, email=email, name=name), key=None)


def start_delayed(double: StripeDouble, intent: Json, *, email: str | None, name: str | None) -> None:
    """The shopper is done; the bank is not."""
    intent["payment_method"] = _method(double, "sepa_debit", email=email, name=name)["id"]
    intent["status"] = "processing"
    double.emit("payment_intent.processing", intent)


def decline(double: StripeDouble, intent: Json, *, code: str, email: str | None, name: str | None) -> None:
    """The bank says no. The intent can be tried again."""
    method = _method(double, "card", email=email, name=name)
    failure = {"code": "card_declined", "message": _DECLINES.get(code, _DECLINES["generic_decline"])}
    made = intent_objects.charge(
        charge_id=double.new_id("ch"), now=double.now(), intent=intent, method=method, failure=failure
    )
    double.objects["charge"][made["id"]] = made
    intent["status"] = "requires_payment_method"
    intent["latest_charge"] = made["id"]
    intent["last_payment_error"] = {
        "type": "card_error",
        "code": failure["code"],
        "decline_code": code,
        "message": failure["message"],
        "charge": made["id"],
    }
    double.emit("payment_intent.payment_failed", intent)


def _taken(double: StripeDouble, intent: Json, method: Json, *, key: str | None) -> None:
    made = intent_objects.charge(
        charge_id=double.new_id("ch"), now=double.now(), intent=intent, method=method, failure=None
    )
    double.objects["charge"][made["id"]] = made
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["latest_charge"] = made["id"]
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = None
    double.emit("payment_intent.succeeded", intent, key=key)
    double.emit("charge.succeeded", made, key=key)


def _method(double: StripeDouble, kind: str, *, email: str | None, name: str | None) -> Json:
    made = intent_objects.payment_method(
        method_id=double.new_id("pm"), now=double.now(), kind=kind, email=email, name=name
    )
    double.objects["payment_method"][made["id"]] = made
    return made
