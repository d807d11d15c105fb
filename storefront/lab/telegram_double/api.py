"""The Bot API's side: `/bot<token>/method` and `/file/bot<token>/…`. Source: core.telegram.org/bots/api."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from storefront.lab.double import Call, Entry, Json, Reply
from storefront.lab.telegram_double.checks import Refused, check_markup, fields_of, read_words
from storefront.lab.telegram_double.double import Hook, Person, TelegramDouble
from storefront.lab.telegram_double.person import Phone

_PATH = re.compile(r"^/(file/)?bot([^/]+)/(.+)$")
_DOWNLOAD_BYTES = 20_000_000
_PATIENCE_S = 10


def refusal(refused: Refused) -> Reply:
    """Telegram's error, in Telegram's shape."""
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.words}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return Reply(status=refused.code, body=body)


class Api:
    """Answers calls on a double's state."""

    def __init__(self, double: TelegramDouble) -> None:
        self.double = double
        self._methods: Mapping[str, Callable[[Json], Any]] = {
            "getme": self._get_me,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "senddocument": self._send_document,
            "sendinvoice": self._send_invoice,
            "sendchataction": self._chat_action,
            "answercallbackquery": self._answer_callback,
            "answerprecheckoutquery": self._answer_pre_checkout,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete_message,
            "getfile": self._get_file,
            "setmycommands": lambda _: True,
        }

    def struck(self, fault: str) -> Reply:
        """What a fault switch makes of a call."""
        if fault == "rate_limit":
            wait = self.double.faults.retry_after_s
            return refusal(Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
        return refusal(Refused(500, "Internal Server Error"))

    def answer(self, call: Call) -> Reply:
        """One call."""
        match = _PATH.match(call.path)
        if match is None:
            return refusal(Refused(404, "Not Found"))
        is_file, token, rest = match.groups()
        if self.double.token and token != self.double.token:
            return refusal(Refused(401, "Unauthorized"))
        if is_file:
            return self._file(unquote(rest))
        method = self._methods.get(rest.lower())
        if method is None:
            return refusal(Refused(404, "Not Found: method not found"))
        try:
            return Reply(body={"ok": True, "result": method(fields_of(call))}, took=rest.lower().startswith("send"))
        except Refused as refused:
            return refusal(refused)

    def _get_me(self, _fields: Json) -> Json:
        return {
            **self.double.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _set_webhook(self, fields: Json) -> bool:
        url, secret = str(fields.get("url", "")), str(fields.get("secret_token", ""))
        if url and not url.startswith(("https://", "http://127.", "http://localhost", "http://shop")):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        allowed = fields.get("allowed_updates")
        self.double.hook = Hook(
            url=url,
            secret_token=secret,
            allowed_updates=[str(one) for one in allowed] if isinstance(allowed, list) else [],
            max_connections=int(fields.get("max_connections", 40)),
        )
        if fields.get("drop_pending_updates") is True:
            self.double.updates.clear()
        self.double.hand_over()
        return True

    def _delete_webhook(self, _fields: Json) -> bool:
        self.double.hook = Hook()
        return True

    def _webhook_info(self, _fields: Json) -> Json:
        courier = self.double.courier
        info: Json = {
            "url": self.double.hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.double.updates) + (courier.waiting if courier else 0),
            "max_connections": self.double.hook.max_connections,
            "allowed_updates": self.double.hook.allowed_updates,
        }
        if courier is not None and courier.last_error:
            info |= {"last_error_date": self.double.now(), "last_error_message": courier.last_error}
        return info

    def _send_message(self, fields: Json) -> Json:
        return self._deliver(fields, read_words(fields, "text"))

    def _send_photo(self, fields: Json) -> Json:
        if not fields.get("photo"):
            raise Refused(400, "Bad Request: there is no photo in the request")
        sizes = [{"file_id": str(fields["photo"])[:200], "file_unique_id": "AQAD", "width": 1200, "height": 1500}]
        return self._deliver(fields, {"photo": sizes, **read_words(fields, "caption")})

    def _send_document(self, fields: Json) -> Json:
        if not fields.get("document"):
            raise Refused(400, "Bad Request: there is no document in the request")
        name = str(fields["document"]).rpartition("/")[2][:60]
        document = {"file_id": str(fields["document"])[:200], "file_unique_id": "AQAD", "file_name": name}
        return self._deliver(fields, {"document": document, **read_words(fields, "caption")})

    def _send_invoice(self, fields: Json) -> Json:
        prices = fields.get("prices")
        if not isinstance(prices, list) or not all(isinstance(one.get("amount"), int) for one in prices):
            raise Refused(400, "Bad Request: prices must be an Array of LabeledPrice")
        if not fields.get("provider_token") and fields.get("currency") != "XTR":
            raise Refused(400, "Bad Request: PAYMENT_PROVIDER_INVALID")
        for name, most in (("title", 32), ("description", 255)):
            if not 0 < len(str(fields.get(name, ""))) <= most:
                raise Refused(400, f"Bad Request: invoice {name} must be of 1-{most} characters")
        if not 0 < len(str(fields.get("payload", "")).encode()) <= 128:  # noqa: PLR2004 - Telegram's limit
            raise Refused(400, "Bad Request: INVOICE_PAYLOAD_INVALID")
        invoice = {
            "title": fields["title"],
            "description": fields["description"],
            "start_parameter": fields.get("start_parameter", ""),
            "currency": fields["currency"],
            "total_amount": sum(one["amount"] for one in prices),
        }
        message = self._deliver(fields, {"invoice": invoice})
        self.double.invoices[message["message_id"]] = {**invoice, "payload": fields["payload"]}
        return message

    def _deliver(self, fields: Json, content: Json) -> Json:
        person = self._person(fields)
        markup = fields.get("reply_markup")
        check_markup(markup)
        message: Json = {
            "message_id": self.double.next_message_id(),
            "from": self.double.bot,
            "chat": self.double.chat(person),
            "date": self.double.now(),
            **content,
        }
        answered = fields.get("reply_parameters")
        if isinstance(answered, dict):
            message["reply_to_message"] = {
                "message_id": answered.get("message_id"),
                "chat": message["chat"],
                "date": message["date"],
            }
        if isinstance(markup, dict) and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        person.typing_at = 0
        kept = {**fields, "message": message}
        person.thread.append(
            Entry(id=str(message["message_id"]), by="shop", at=self.double.now(), payload=kept, status="sent")
        )
        return message

    def _person(self, fields: Json) -> Person:
        chat_id = str(fields.get("chat_id", ""))
        person = self.double.people.get(int(chat_id)) if re.fullmatch(r"-?\d{1,18}", chat_id) else None
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        if not person.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person

    def _chat_action(self, fields: Json) -> bool:
        person = self._person(fields)
        person.typing_at = self.double.now() if fields.get("action") == "typing" else person.typing_at
        return True

    def _answer_callback(self, fields: Json) -> bool:
        self._take_query(fields.get("callback_query_id"), fields)
        return True

    def _answer_pre_checkout(self, fields: Json) -> bool:
        if fields.get("ok") is not True and not fields.get("error_message"):
            raise Refused(400, "Bad Request: error message must be non-empty")
        query = self._take_query(fields.get("pre_checkout_query_id"), fields)
        if fields.get("ok") is True:
            person = self.double.people[query["from"]["id"]]
            Phone(self.double, person).paid(query["invoice_message_id"])
        return True

    def _take_query(self, query_id: object, answer: Json) -> Json:
        query = self.double.queries.pop(str(query_id), None)
        if query is None or time.monotonic() - query["asked_at"] > _PATIENCE_S:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.double.answered.append({**query, "answer": answer})
        return query

    def _edit_text(self, fields: Json) -> Json:
        return self._edit(fields, read_words(fields, "text"))

    def _edit_markup(self, fields: Json) -> Json:
        return self._edit(fields, {})

    def _edit(self, fields: Json, content: Json) -> Json:
        entry = self._entry(fields)
        markup = fields.get("reply_markup")
        check_markup(markup)
        message: Json = entry.payload["message"]
        changed = {**message, **content, **({"reply_markup": markup} if markup else {})}
        if changed == message:
            raise Refused(400, "Bad Request: message is not modified")
        entry.payload = {**entry.payload, **fields, "message": {**changed, "edit_date": self.double.now()}}
        edited: Json = entry.payload["message"]
        return edited

    def _delete_message(self, fields: Json) -> bool:
        entry = self._entry(fields)
        self._person(fields).thread.remove(entry)
        return True

    def _entry(self, fields: Json) -> Entry:
        wanted = str(fields.get("message_id", ""))
        for entry in self._person(fields).thread:
            if entry.id == wanted and entry.by == "shop":
                return entry
        raise Refused(400, "Bad Request: message to edit not found")

    def _get_file(self, fields: Json) -> Json:
        file_id = str(fields.get("file_id"))
        file = self.double.files.get(file_id)
        if file is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(file.body) > _DOWNLOAD_BYTES:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": "AQAD", "file_size": len(file.body), "file_path": file.path}

    def _file(self, path: str) -> Reply:
        for file in self.double.files.values():
            if file.path == path:
                return Reply(raw=file.body, content_type="application/octet-stream")
        return refusal(Refused(404, "Not Found"))
