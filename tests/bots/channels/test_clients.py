"""What providers' refusals and silences mean, and the guards around files."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bots.channels import registry, transport
from bots.channels.base import Channel, ChannelTools, Envelope, FailureKind, MediaLinks, Rejected, Sent, Unreachable
from bots.messages.fitted import FittedText
from tests.contracts import channels

OK = {"messages": [{"id": "wamid.1"}], "contacts": [{"input": "1", "wa_id": "1", "user_id": "DE.1"}]}


def build(kind: str, answer: Callable[[httpx.Request], httpx.Response]) -> Channel:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return registry.build(channels.account(kind), ChannelTools(http=http))


async def send(channel: Channel) -> Any:  # noqa: ANN401 - Sent
    to = Envelope(address="70000001", message_id="1", media=MediaLinks(base="https://shop.example"), locale="de")
    return await channel.send(channel.render(FittedText(text="Hi"), to))


def meta(code: int, status: int = 400) -> httpx.Response:
    error = {"message": f"(#{code}) no", "code": code, "error_data": {"details": "because"}}
    return httpx.Response(status, json={"error": error})


def bot_api(code: int, words: str, **parameters: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": words, "parameters": parameters})


class TestWhatsApp:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (0, "TOKEN"), (190, "TOKEN"), (3, "TOKEN"), (10, "TOKEN"), (200, "TOKEN"), (299, "TOKEN"),
            (131005, "TOKEN"),
            (1, "RETRY"), (2, "RETRY"), (131000, "RETRY"), (131016, "RETRY"), (133004, "RETRY"), (131057, "RETRY"),
            (4, "RATE"), (80007, "RATE"), (130429, "RATE"), (131056, "RATE"), (131048, "RATE"),
            (100, "BUG"), (131008, "BUG"), (131009, "BUG"), (135000, "BUG"), (131021, "BUG"), (131051, "BUG"),
            (33, "QUOTA"), (133010, "QUOTA"), (131042, "QUOTA"), (368, "QUOTA"), (131031, "QUOTA"),
            (131026, "UNREACHABLE"), (131047, "WINDOW"), (131053, "MEDIA"), (131050, "NO_MARKETING"),
            (131030, "WITHHELD"), (131049, "WITHHELD"), (130472, "WITHHELD"), (131062, "WITHHELD"),
            (132000, "TEMPLATE"), (132001, "TEMPLATE"), (132015, "TEMPLATE"), (132016, "TEMPLATE"),
            (999999, "BUG"),
        ],
    )  # fmt: skip
    async def test_every_code_of_the_table_has_its_meaning(self, code: int, kind: str) -> None:
        with pytest.raises(Rejected, match="because") as refused:
            await send(build("whatsapp", lambda _: meta(code)))
        assert (refused.value.kind, refused.value.provider_code) == (FailureKind[kind], str(code))

    async def test_the_pair_rate_grows_by_four_for_this_person_only(self) -> None:
        with pytest.raises(Rejected) as refused:
            await send(build("whatsapp", lambda _: meta(131056)))
        assert (refused.value.scope, refused.value.backoff) == ("recipient", 4.0)

    async def test_other_ids_of_the_person_are_learned(self) -> None:
        sent = await send(build("whatsapp", lambda _: httpx.Response(200, json=OK)))
        assert (sent.provider_id, sent.aliases) == ("wamid.1", ("DE.1",))

    @pytest.mark.parametrize("status", [500, 502, 504])
    async def test_a_gateways_error_page_leaves_it_open(self, status: int) -> None:
        with pytest.raises(Unreachable) as lost:
            await send(build("whatsapp", lambda _: httpx.Response(status, text="<html>")))
        assert lost.value.may_have_arrived

    async def test_files_are_fetched_anew_when_their_address_has_died(self) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            assert request.headers["authorization"] == "Bearer EAAB-token"
            asked.append(request.url.path)
            if request.url.host == "graph.facebook.com":
                return httpx.Response(
                    200, json={"url": f"https://lookaside.fbsbx.com/{len(asked)}", "mime_type": "image/png"}
                )
            return httpx.Response(404) if len(asked) < 3 else httpx.Response(200, content=b"png")

        media = await build("whatsapp", answer).fetch_media("123")
        assert (media.body, media.mime) == (b"png", "image/png")
        assert asked == ["/v26.0/123", "/1", "/v26.0/123", "/3"]

    @pytest.mark.parametrize(
        "url", ["http://lookaside.fbsbx.com/x", "https://fbsbx.com.evil.example/x", "https://10.0.0.1/", ""]
    )
    async def test_the_token_goes_to_metas_hosts_only(self, url: str) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            assert request.url.host == "graph.facebook.com"
            return httpx.Response(200, json={"url": url})

        with pytest.raises(Rejected, match="Meta"):
            await build("whatsapp", answer).fetch_media("123")


class TestTelegram:
    @pytest.mark.parametrize(
        ("code", "words", "kind"),
        [
            (401, "Unauthorized", "TOKEN"),
            (404, "Not Found", "TOKEN"),
            (403, "Forbidden: bot was blocked by the user", "OPTED_OUT"),
            (403, "Forbidden: user is deactivated", "UNREACHABLE"),
            (403, "Forbidden: bot can't initiate conversation with a user", "UNREACHABLE"),
            (400, "Bad Request: chat not found", "UNREACHABLE"),
            (400, "Bad Request: message is not modified", "STALE"),
            (400, "Bad Request: query is too old and response timeout expired", "STALE"),
            (400, "Bad Request: can't parse entities", "BUG"),
            (400, "Bad Request: BUTTON_DATA_INVALID", "BUG"),
            (400, "Bad Request: failed to get HTTP URL content", "MEDIA"),
            (409, "Conflict: terminated by other getUpdates request", "BUG"),
            (500, "Internal Server Error", "RETRY"),
        ],
    )
    async def test_code_first_words_second(self, code: int, words: str, kind: str) -> None:
        with pytest.raises(Rejected) as refused:
            await send(build("telegram", lambda _: bot_api(code, words)))
        assert refused.value.kind is FailureKind[kind]

    async def test_what_goes_to_a_chat_that_moved_goes_once_to_its_new_id(self) -> None:
        asked: list[int] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(json.loads(request.content)["chat_id"])
            if len(asked) == 1:
                return bot_api(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)
            return httpx.Response(200, json={"ok": True, "result": {"message_id": 8}})

        assert await send(build("telegram", answer)) == Sent(provider_id="8", aliases=("-1001",))
        assert asked == [70000001, -1001]
        moving = build(
            "telegram", lambda _: bot_api(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)
        )
        with pytest.raises(Rejected) as refused:
            await send(moving)
        assert refused.value.kind is FailureKind.UNREACHABLE

    async def test_flood_control_is_obeyed(self) -> None:
        with pytest.raises(Rejected) as refused:
            await send(build("telegram", lambda _: bot_api(429, "Too Many Requests", retry_after=17)))
        assert (refused.value.kind, refused.value.retry_after) == (FailureKind.RATE, 17)

    async def test_an_answer_that_cannot_be_read_leaves_it_open(self) -> None:
        with pytest.raises(Unreachable) as lost:
            await send(build("telegram", lambda _: httpx.Response(200, text="ok")))
        assert lost.value.may_have_arrived

    async def test_files_beyond_the_limit_are_refused_before_they_are_kept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transport, "MOST_MEDIA_BYTES", 10)

        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/getFile"):
                return httpx.Response(200, json={"ok": True, "result": {"file_path": "photos/1.jpg"}})
            return httpx.Response(200, content=b"x" * 11)

        with pytest.raises(Rejected, match="too large"):
            await build("telegram", answer).fetch_media("AgAC")


class TestChecking:
    """Findings for the doctor say what to do next."""

    @pytest.mark.parametrize("kind", ["whatsapp", "telegram"])
    async def test_an_account_without_its_webhook_is_told_how_to_get_it(self, kind: str) -> None:
        (finding,) = await build(kind, lambda _: httpx.Response(200, json={"ok": True, "result": {}})).check()
        assert f"POST /api/v1/channels/{channels.ACCOUNT_ID}/connect" in finding


class TestSilence:
    @pytest.mark.parametrize("kind", ["whatsapp", "telegram"])
    @pytest.mark.parametrize(
        ("error", "arrived"),
        [
            (httpx.ConnectError, False), (httpx.ConnectTimeout, False), (httpx.PoolTimeout, False),
            (httpx.ReadTimeout, True), (httpx.ReadError, True), (httpx.RemoteProtocolError, True),
            (httpx.WriteError, True),
        ],
    )  # fmt: skip
    async def test_says_whether_the_message_may_have_arrived(
        self,
        kind: str,
        error: type[httpx.TransportError],
        arrived: bool,  # noqa: FBT001 - a parameter of the table
    ) -> None:
        def answer(_request: httpx.Request) -> httpx.Response:
            raise error("https://api.telegram.org/bot5550001:AA-token/sendMessage")

        with pytest.raises(Unreachable) as lost:
            await send(build(kind, answer))
        assert lost.value.may_have_arrived is arrived
        assert "AA-token" not in str(lost.value)
        assert lost.value.__suppress_context__
