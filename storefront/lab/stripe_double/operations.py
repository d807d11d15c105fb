"""The table of the API: method and path to what is done. Around it stand keys, idempotency and faults."""

import hashlib
import re
from collections.abc import Callable, Mapping

import msgspec

from storefront.lab.stripe_double import account_objects, intents, refunds, session_objects, sessions
from storefront.lab.stripe_double.answers import Answer, Json, Refused, listing, whole
from storefront.lab.stripe_double.double import StripeDouble

Operation = Callable[[StripeDouble, tuple[str, ...], Json, str | None], Json]


def perform(double: StripeDouble, method: str, path: str, params: Json, *, key: str | None) -> Answer:
    """Do one call and write the state down; a repeated key brings its first answer again.

    Raises nothing: refusals are answers. The fault "500 after the work" is kept with the key, as Stripe keeps it.
    """
    tick(double)
    fingerprint = hashlib.sha256(msgspec.json.encode([method, path, params], order="deterministic")).hexdigest()
    kept = double.idempotency.get(key) if key and method == "POST" else None
    if kept is not None:
        return _replayed(kept, fingerprint, str(key))
    try:
        answer = Answer(200, _run(double, method, path, params, key))
    except Refused as refusal:
        return refusal.answer
    if double.faults.take("error_500_stored_next"):
        answer = Answer(500, {"error": {"message": "Something went wrong on Stripe's end.", "type": "api_error"}})
    if key and method == "POST":
        double.forget_old_keys()
        double.idempotency[key] = {
            "fingerprint": fingerprint,
            "status": answer.status,
            "body": msgspec.json.decode(msgspec.json.encode(answer.body)),
            "at": double.now(),
        }
    if method != "GET":
        double.save()
    return answer


def tick(double: StripeDouble) -> None:
    """Let everything happen that its time has come for."""
    changed = sessions.expire_due(double)
    now = double.now()
    due = [entry for entry in double.due if entry["at"] <= now]
    double.due = [entry for entry in double.due if entry["at"] > now]
    for entry in due:
        if entry["what"] == "money":
            sessions.money_arrives(double, entry["id"], fails=entry["fails"])
        else:
            refunds.settles(double, entry["id"], fails=entry["fails"])
    if changed or due:
        double.save()


def _replayed(kept: Json, fingerprint: str, key: str) -> Answer:
    if kept["fingerprint"] != fingerprint:
        return Refused(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        ).answer
    return Answer(kept["status"], kept["body"], replayed=True)


def _run(double: StripeDouble, method: str, path: str, params: Json, key: str | None) -> Json:
    for (known, pattern), operation in _TABLE.items():
        match = re.fullmatch(pattern, path)
        if match and known == method:
            return operation(double, match.groups(), params, key)
    raise Refused(f"Unrecognized request URL ({method}: {path}).", status=404)


def _newest(double: StripeDouble, kind: str, **wanted: object) -> list[Json]:
    found = [
        item
        for item in double.objects[kind].values()
        if all(value is None or item.get(name) == value for name, value in wanted.items())
    ]
    return found[::-1]


def _events(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    found = _newest(double, "event", type=params.get("type"))
    if types := params.get("types"):
        found = [item for item in found if item["type"] in types]
    bounds = params.get("created")
    if isinstance(bounds, dict):
        tests: Mapping[str, Callable[[int, int], bool]] = {
            "gt": int.__gt__,
            "gte": int.__ge__,
            "lt": int.__lt__,
            "lte": int.__le__,
        }
        for name, edge in bounds.items():
            found = [item for item in found if tests[name](item["created"], whole(edge, "created"))]
    return listing("/v1/events", found, params)


def _one(kind: str) -> Operation:
    return lambda double, ids, _params, _key: double.get(kind, ids[0])


def _sessions(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    found = _newest(
        double, "checkout.session", status=params.get("status"), payment_intent=params.get("payment_intent")
    )
    return listing("/v1/checkout/sessions", found, params)


def _line_items(double: StripeDouble, ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    double.get("checkout.session", ids[0])
    return listing(f"/v1/checkout/sessions/{ids[0]}/line_items", double.line_items[ids[0]], params)


def _refunds(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    found = _newest(double, "refund", payment_intent=params.get("payment_intent"), charge=params.get("charge"))
    return listing("/v1/refunds", found, params)


def _coupon(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    made = session_objects.coupon(
        coupon_id=str(params.get("id") or double.new_id("co")), now=double.now(), params=params
    )
    double.objects["coupon"][made["id"]] = made
    return made


def _endpoint(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    if not params.get("url"):
        raise Refused("Missing required param: url.", code="parameter_missing", param="url")
    secret = f"whsec_{double.new_id('lab')}"
    made = account_objects.webhook_endpoint(
        endpoint_id=double.new_id("we"), now=double.now(), params=params, secret=secret
    )
    double.objects["webhook_endpoint"][made["id"]] = made
    return made


def _endpoints(double: StripeDouble, _ids: tuple[str, ...], params: Json, _key: str | None) -> Json:
    found = [{k: v for k, v in item.items() if k != "secret"} for item in _newest(double, "webhook_endpoint")]
    return listing("/v1/webhook_endpoints", found, params)


_ID = r"([A-Za-z0-9_]+)"
_TABLE: dict[tuple[str, str], Operation] = {
    ("POST", "/v1/checkout/sessions"): lambda double, _ids, params, _key: sessions.create(double, params),
    ("GET", "/v1/checkout/sessions"): _sessions,
    ("GET", f"/v1/checkout/sessions/{_ID}"): _one("checkout.session"),
    ("POST", f"/v1/checkout/sessions/{_ID}/expire"): lambda double, ids, _params, key: sessions.expire(
        double, ids[0], key=key
    ),
    ("GET", f"/v1/checkout/sessions/{_ID}/line_items"): _line_items,
    ("POST", "/v1/payment_intents"): lambda double, _ids, params, key: intents.create(double, params, key=key),
    ("GET", f"/v1/payment_intents/{_ID}"): _one("payment_intent"),
    ("GET", f"/v1/charges/{_ID}"): _one("charge"),
    ("POST", "/v1/refunds"): lambda double, _ids, params, key: refunds.create(double, params, key=key),
    ("GET", "/v1/refunds"): _refunds,
    ("GET", f"/v1/refunds/{_ID}"): _one("refund"),
    ("GET", "/v1/events"): _events,
    ("GET", f"/v1/events/{_ID}"): _one("event"),
    ("POST", "/v1/tokens"): lambda double, _ids, params, _key: intents.create_token(double, params),
    ("POST", "/v1/payment_methods"): lambda double, _ids, params, _key: intents.create_method(double, params),
    ("GET", f"/v1/payment_methods/{_ID}"): _one("payment_method"),
    ("POST", "/v1/coupons"): _coupon,
    ("GET", f"/v1/coupons/{_ID}"): _one("coupon"),
    ("POST", "/v1/webhook_endpoints"): _endpoint,
    ("GET", "/v1/webhook_endpoints"): _endpoints,
    ("GET", "/v1/account"): lambda _double, _ids, _params, _key: account_objects.account(),
    ("GET", f"/v1/accounts/{_ID}"): lambda _double, _ids, _params, _key: account_objects.account(),
    ("GET", "/v1/balance"): lambda _double, _ids, _params, _key: account_objects.balance(),
}
