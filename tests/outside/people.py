"""Shoppers at the doubles: they write and tap in the provider's app, and read what its wire brought."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.outside.demo import Demo, eventually


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the shop as the provider's app shows it."""

    id: str
    words: str
    status: str
    taps: dict[str, str]  # title to action id
    links: tuple[str, ...]
    picture: bool
    template: str = ""


@dataclass(slots=True)
class Person:
    """Somebody in a provider's app. `kind` is whatsapp or telegram."""

    demo: Demo
    kind: str
    address: str
    name: str = "Jana Muster"
    client: httpx.Client = field(init=False)
    seen: int = 0
    said: int = 0

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=f"{self.demo.doubles_url}/{self.kind}/_lab/person/{self.address}", timeout=30
        )

    def close(self) -> None:
        """Put the phone away."""
        self.client.close()

    def start(self, payload: str) -> list[Bubble]:
        """Open the chat from a link with a payload."""
        return self.do("start", {"payload": payload, "name": self.name})

    def say(self, text: str) -> list[Bubble]:
        """Write; the bubbles that came back, once everything is on the phone."""
        return self.do("say", {"text": text, "name": self.name})

    def tap(self, title: str) -> list[Bubble]:
        """Tap what the last bubbles offer under this title."""
        bubble = next(one for one in reversed(self.bubbles()) if title in one.taps)
        return self.do("tap", {"message_id": bubble.id, "id": bubble.taps[title]})

    def picture(self, body: bytes, kind: str = "image", mime: str = "image/jpeg") -> list[Bubble]:
        """Send a file."""
        answer = self.client.post(f"/picture?kind={kind}", content=body, headers={"content-type": mime})
        assert answer.status_code == httpx.codes.OK, answer.text
        self.said += 1
        self.settled()
        return self.fresh()

    def bubbles(self) -> list[Bubble]:
        """Everything the shop sent, oldest first."""
        messages = self.client.get("/thread").json()["messages"]
        read = _read_whatsapp if self.kind == "whatsapp" else _read_telegram
        return [read(one) for one in messages if one["by"] == "shop"]

    def fresh(self) -> list[Bubble]:
        """Bubbles since the last look."""
        found = self.bubbles()[self.seen :]
        self.seen += len(found)
        return found

    def hears(self, pattern: str, *, within: float = 25) -> Bubble:
        """A new bubble with these words; it and those before it count as seen."""

        def look() -> Bubble | None:
            for number, bubble in enumerate(self.bubbles()[self.seen :]):
                if re.search(pattern, bubble.words, re.IGNORECASE):
                    self.seen += number + 1
                    return bubble
            return None

        return eventually(look, within=within, what=f"a bubble like {pattern!r}")

    def conversation(self) -> Any:  # noqa: ANN401 - JSON
        """The merchant's view of the thread; None before the first message."""
        about = self.client.get("/thread").json()
        mine = {str(about.get("user_id")), self.address}
        known = self.demo.all("/conversations")
        return next((one for one in known if one["kind"] == self.kind and one["address"] in mine), None)

    def messages(self) -> list[Any]:
        """The merchant's view of what was said, both ways, oldest first."""
        known = self.conversation()
        return [] if known is None else self.demo.all(f"/conversations/{known['id']}/messages")

    def settled(self) -> None:
        """Wait until every message has its outcome and every answer has left."""

        def look() -> bool:
            messages = self.messages()
            inbound = [one for one in messages if one["direction"] == "inbound"]
            outbound = [one for one in messages if one["direction"] == "outbound"]
            return (
                len(inbound) >= self.said
                and all(one["outcome"] for one in inbound)
                and not any(_waits(one["delivery"]) for one in outbound)
            )

        eventually(look, what=f"an answer to {self.name} on {self.kind}")

    def do(self, verb: str, body: dict[str, Any]) -> list[Bubble]:
        """Anything that the double's person can do; the bubbles that came back."""
        answer = self.client.post(f"/{verb}", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        self.said += 1
        self.settled()
        return self.fresh()


def _waits(delivery: dict[str, Any]) -> bool:
    """On its way, or tried again soon; words that wait for the person are neither."""
    return delivery["state"] == "sending" or (delivery["state"] == "queued" and "next_try_at" in delivery)


def _read_whatsapp(entry: dict[str, Any]) -> Bubble:
    payload = entry["payload"]
    kind = payload["type"]
    content = payload.get(kind, {})
    words: list[str] = []
    links: list[str] = []
    taps: dict[str, str] = {}
    picture = kind == "image"
    if kind == "template":
        rendered = payload["rendered"]
        words.append(rendered["text"])
        links += [button["url"] for button in rendered["buttons"]]
    words += [str(content.get("caption") or ""), str(content["body"] if kind == "text" else "")]
    if kind == "interactive":
        header, action = content.get("header", {}), content["action"]
        picture = header.get("type") == "image"
        words.append(content.get("body", {}).get("text", ""))
        taps |= {one["reply"]["title"]: one["reply"]["id"] for one in action.get("buttons", ())}
        taps |= {row["title"]: row["id"] for section in action.get("sections", ()) for row in section["rows"]}
        if "url" in (parameters := action.get("parameters", {})):
            links.append(parameters["url"])
            words.append(parameters["display_text"])
        for card in action.get("cards", ()):
            words.append(card.get("body", {}).get("text", ""))
            taps |= {one["quick_reply"]["title"]: one["quick_reply"]["id"] for one in card["action"].get("buttons", ())}
    text = "\n".join(word for word in words if word).replace("\xa0", " ")
    return Bubble(
        entry["id"], text, entry["status"], taps, (*links, *_urls(text)), picture,
        template=content["name"] if kind == "template" else "",
    )  # fmt: skip


def _read_telegram(entry: dict[str, Any]) -> Bubble:
    message = entry["payload"]["message"]
    text = str(message.get("text") or message.get("caption") or "")
    buttons = [one for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for one in row]
    taps = {one["text"]: one["callback_data"] for one in buttons if "callback_data" in one}
    links = [one["url"] for one in buttons if "url" in one]
    entities = [
        one["url"] for one in (message.get("entities") or message.get("caption_entities") or ()) if "url" in one
    ]
    words = "\n".join([text, *(one["text"] for one in buttons if "url" in one)]).replace("\xa0", " ")
    return Bubble(entry["id"], words, entry["status"], taps, (*links, *entities, *_urls(text)), "photo" in message)


def _urls(text: str) -> list[str]:
    return re.findall(r"https?://[^\s)]+", text)
