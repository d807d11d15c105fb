"""The Graph API's side: `/v26.0/…` with Meta's answers and errors."""

import re
from typing import Any
from urllib.parse import parse_qs

import msgspec

from storefront.lab.double import Call, Entry, Json, Reply
from storefront.lab.whatsapp_double.checks import Refused, check_message, check_template_use
from storefront.lab.whatsapp_double.double import Number, Person, WhatsAppDouble

_VERSION = re.compile(r"^/v\d+\.\d+(/.*)$")
_TITLES = {
    130429: "Rate limit hit", 131000: "Something went wrong", 131008: "Required parameter is missing",
    131009: "Parameter value is not valid", 131026: "Message undeliverable", 131047: "Re-engagement message",
    132000: "Number of parameters does not match", 132001: "Template name does not exist in the translation",
    132012: "Parameter format does not match", 132015: "Template is paused", 190: "Invalid OAuth access token.",
}  # fmt: skip


def failed(code: int, details: str, *, status: int = 400) -> Reply:
    """Meta's error, in Meta's shape."""
    error: Json = {
        "message": f"(#{code}) {_TITLES.get(code, 'Invalid parameter')}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "AbCdEfGh",
    }
    return Reply(status=status, body={"error": error})


def struck(fault: str) -> Reply:
    """What a fault switch makes of a call."""
    if fault == "rate_limit":
        return failed(130429, "Too many messages sent from this phone number in a short period of time", status=429)
    return failed(131000, "Message failed to send due to an unknown error.", status=500)


class Api:
    """Answers calls on a double's state."""

    def __init__(self, double: WhatsAppDouble) -> None:
        self.double = double

    def answer(self, call: Call) -> Reply:  # noqa: PLR0911 - one return for each path
        """One call."""
        if call.path.startswith("/attachments/"):
            return self._attachment(call)
        match = _VERSION.match(call.path)
        if match is None:
            return failed(2500, "Unknown path components", status=400)
        parts = match[1].strip("/").split("/")
        number = self._number(parts[0])
        refusal = self._unwelcome(call, number)
        if refusal is not None:
            return refusal
        match (call.method, parts[1:]):
            case ("POST", ["messages"]) if number is not None and number.phone_number_id == parts[0]:
                return self._message(number, call)
            case ("POST", ["media"]) if number is not None:
                return self._upload(call)
            case ("GET", []) if number is not None and number.phone_number_id == parts[0]:
                return Reply(body=_about(number))
            case ("GET" | "POST", ["subscribed_apps"]) if number is not None:
                return self._subscription(number, call.method)
            case (method, ["message_templates"]) if number is not None:
                return self._templates(method, number, call)
            case ("GET" | "DELETE", []) if parts[0] in self.double.files:
                return self._media(call.method, parts[0])
            case _:
                return failed(
                    100, f"Unsupported request. Object with ID '{parts[0]}' does not exist or cannot be loaded"
                )

    def _number(self, object_id: str) -> Number | None:
        return next(
            (one for one in self.double.numbers.values() if object_id in {one.phone_number_id, one.waba_id}), None
        )

    def _unwelcome(self, call: Call, number: Number | None) -> Reply | None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        known = {one.access_token for one in self.double.numbers.values() if one.access_token}
        wanted = {number.access_token} if number is not None and number.access_token else known
        if scheme.lower() != "bearer" or not token or (wanted and token not in wanted):
            return failed(190, "The access token is invalid.", status=401)
        return None

    def _message(self, number: Number, call: Call) -> Reply:
        body = _json(call.body)
        if body.get("status") == "read":
            return self._read_mark(body)
        try:
            check_message(body)
            template = self._template_of(number, body) if body.get("type") == "template" else None
        except Refused as refused:
            return failed(refused.code, refused.details)
        address = str(body.get("to") or body.get("recipient"))
        person = self.double.find(address)
        message_id = self.double.new_id()
        told = {"input": address, "wa_id": address.removeprefix("+")}
        if person is not None:
            told = {"input": address, "wa_id": person.wa_id, "user_id": person.user_id}
            self._deliver(number, person, message_id, body, template=template)
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [told],
            "messages": [{"id": message_id, "message_status": "accepted"}],
        }
        return Reply(body=answer, took=True)

    def _deliver(self, number: Number, person: Person, message_id: str, body: Json, *, template: Json | None) -> None:
        """Accepted is not delivered: the window and the person's own block show in the statuses only."""
        double = self.double
        double.sent[message_id] = {
            "number": number.phone_number_id,
            "person": person.wa_id,
            "opaque": body.get("biz_opaque_callback_data", ""),
            "template": template is not None,
        }
        if template is None and not double.within_window(person):
            details = "Message failed to send because more than 24 hours have passed since the customer last replied."
            double.tell_status(message_id, "failed", _status_error(131047, details))
            return
        if person.blocked:
            double.tell_status(message_id, "failed", _status_error(131026, "Message Undeliverable."))
            return
        payload = {**body, "rendered": template} if template is not None else body
        person.typing_at = 0
        if body.get("type") != "reaction":
            person.thread.append(Entry(id=message_id, by="shop", at=double.now(), payload=payload, status="accepted"))
        for status in ("sent", "delivered"):
            double.tell_status(message_id, status)

    def _read_mark(self, body: Json) -> Reply:
        for person in self.double.people.values():
            for index, entry in enumerate(person.thread):
                if entry.id == body.get("message_id") and entry.by == "person":
                    for earlier in person.thread[: index + 1]:
                        earlier.status = "read" if earlier.by == "person" else earlier.status
                    if isinstance(body.get("typing_indicator"), dict):
                        person.typing_at = self.double.now()
                    return Reply(body={"success": True})
        return failed(100, "The message_id is not known")

    def _template_of(self, number: Number, body: Json) -> Json:
        """The approved template with its words filled in. Raises Refused."""
        use = body["template"]
        found = self.double.templates.get((number.waba_id, use["name"], use["language"]["code"]))
        if found is None or found["status"] in {"PENDING", "REJECTED"}:
            raise Refused(132001, f"template name ({use['name']}) does not exist in {use['language']['code']}")
        if found["status"] != "APPROVED":
            raise Refused(132015, "Template is paused due to low quality")
        check_template_use(use, found)
        values = {
            one["parameter_name"]: one["text"]
            for component in use.get("components", ())
            if component.get("type") == "body"
            for one in component["parameters"]
        }
        suffix = next(
            (one["parameters"][0]["text"] for one in use.get("components", ()) if one.get("type") == "button"), ""
        )
        text, buttons = "", []
        for component in found["components"]:
            if component["type"] == "BODY":
                text = re.sub(r"{{(\w+)}}", lambda match: values.get(match[1], match[0]), component["text"])
            if component["type"] == "BUTTONS":
                buttons = [
                    {"text": one["text"], "url": one["url"].replace("{{1}}", suffix)} for one in component["buttons"]
                ]
        return {"text": text, "buttons": buttons}

    def _upload(self, call: Call) -> Reply:
        kind = call.headers.get("content-type", "")
        _, _, boundary = kind.partition("boundary=")
        for part in call.body.split(b"--" + boundary.strip('"').encode()) if boundary else ():
            head, _, content = part.partition(b"\r\n\r\n")
            if b'name="file"' in head:
                mime = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
                stored = self.double.store(content.removesuffix(b"\r\n"), mime[1].decode() if mime else "")
                return Reply(body={"id": stored}, took=True)
        return failed(100, "The parameter file is required.")

    def _media(self, method: str, media_id: str) -> Reply:
        if method == "DELETE":
            del self.double.files[media_id]
            return Reply(body={"success": True})
        file = self.double.files[media_id]
        about = {"url": self.double.file_url(media_id), "mime_type": file.mime, "file_size": len(file.body)}
        return Reply(body={**about, "id": media_id, "messaging_product": "whatsapp"})

    def _attachment(self, call: Call) -> Reply:
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return Reply(status=401, body={})
        file = self.double.file_at(call.path.removeprefix("/attachments/"))
        if file is None:
            return Reply(status=404, body={})
        return Reply(raw=file.body, content_type=file.mime)

    def _subscription(self, number: Number, method: str) -> Reply:
        if method == "POST":
            number.subscribed = True
            return Reply(body={"success": True}, took=True)
        apps = [{"whatsapp_business_api_data": {"id": "1", "name": "Shop"}}] if number.subscribed else []
        return Reply(body={"data": apps})

    def _templates(self, method: str, number: Number, call: Call) -> Reply:
        double = self.double
        if method == "GET":
            mine = [one for key, one in double.templates.items() if key[0] == number.waba_id]
            return Reply(body={"data": mine, "paging": {"cursors": {"before": "a", "after": "b"}}})
        if method == "DELETE":
            name = call.query.get("name", "")
            for key in [key for key in double.templates if key[:2] == (number.waba_id, name)]:
                del double.templates[key]
            return Reply(body={"success": True})
        body = _json(call.body)
        key = (number.waba_id, str(body.get("name")), str(body.get("language")))
        fault = _template_fault(body)
        if fault or key in double.templates:
            return failed(100, fault or "Content in this language already exists")
        made = {**body, "id": double.new_id("")[3:9] + str(len(double.templates)), "status": "PENDING"}
        double.templates[key] = made
        if double.review != "hold":
            self.review(key, "APPROVED" if double.review == "approve" else "REJECTED")
        return Reply(body={"id": made["id"], "status": "PENDING", "category": body["category"]}, took=True)

    def review(self, key: tuple[str, str, str], status: str, reason: str = "NONE") -> None:
        """Meta's decision about a template, told by webhook."""
        template = self.double.templates[key]
        template["status"] = status
        number = self._number(key[0])
        if number is not None:
            value = {
                "event": status,
                "message_template_id": int("".join(re.findall(r"\d", str(template["id"]))) or 1),
                "message_template_name": key[1],
                "message_template_language": key[2],
                "reason": reason,
            }
            self.double.post(number, "message_template_status_update", value)


def _about(number: Number) -> Json:
    return {
        "id": number.phone_number_id,
        "display_phone_number": number.display,
        "verified_name": "Shop",
        "quality_rating": number.quality,
        "status": number.status,
        "name_status": "APPROVED",
        "throughput": {"level": "STANDARD"},
    }


def _template_fault(body: Json) -> str:
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(body.get("name"))):
        return "Template names are lower case letters, digits and _"
    if str(body.get("category", "")).upper() not in {"UTILITY", "MARKETING", "AUTHENTICATION"}:
        return "category must be UTILITY, MARKETING or AUTHENTICATION"
    components = body.get("components")
    bodies = [one for one in components if one.get("type") == "BODY"] if isinstance(components, list) else []
    text = str(bodies[0].get("text", "")) if bodies else ""
    if not 0 < len(text) <= 1024:  # noqa: PLR2004 - Meta's limit
        return "A template needs a body of 1 to 1024 characters"
    if text.startswith("{{") or text.endswith("}}"):
        return "Variables can't be at the start or end of the template."
    named = {one.get("param_name") for one in bodies[0].get("example", {}).get("body_text_named_params", ())}
    if set(re.findall(r"{{(\w+)}}", text)) != named:
        return "Every variable needs an example"
    return ""


def _status_error(code: int, details: str) -> Json:
    title = _TITLES[code]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": "/documentation/business-messaging/whatsapp/support/error-codes",
    }


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        value = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    return value if isinstance(value, dict) else {}
