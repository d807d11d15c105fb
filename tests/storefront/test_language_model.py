"""The way to an OpenAI-compatible endpoint: what is sent, what is taken, and that every fault is silence."""

import json

import httpx
import pytest

from bots.understanding.model.accounts import ModelAccess
from bots.understanding.model.asking import Completion, ModelSilent
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret
from storefront.language_model import HttpModel

CONTENT = '{"intents": ["greeting"]}'


def access(*, key: str = "sk-secret", base_url: str = "https://llm.example/v1") -> ModelAccess:
    return ModelAccess(
        account_id=new_id(), base_url=base_url, model="small", key=Secret(key), output="json_schema", budget_ms=500,
        threshold=0.6, input_price=0, output_price=0,
    )  # fmt: skip


async def ask(response: httpx.Response | Exception, *, key: str = "sk-secret", private: bool = False) -> Completion:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(response, Exception):
            raise response
        return response

    asked.clear()
    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
        return await HttpModel(http, allow_private=private).complete(access(key=key), b'{"model": "small"}')


asked: list[httpx.Request] = []


def said(message: object, **more: object) -> httpx.Response:
    return httpx.Response(200, json={"id": "x", "object": "chat.completion", "choices": [{"message": message}], **more})


async def test_content_and_tokens_are_taken() -> None:
    usage = {"prompt_tokens": 812, "completion_tokens": 40, "total_tokens": 852}
    found = await ask(said({"role": "assistant", "content": CONTENT}, usage=usage))
    assert found == Completion(CONTENT, 812, 40)
    assert str(asked[0].url) == "https://llm.example/v1/chat/completions"
    assert asked[0].headers["authorization"] == "Bearer sk-secret"
    assert json.loads(asked[0].content) == {"model": "small"}


async def test_a_function_call_counts_as_the_answer() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "reading", "arguments": CONTENT}}
    assert (await ask(said({"content": None, "tool_calls": [call]}))).content == CONTENT


async def test_a_model_of_ones_own_needs_no_key() -> None:
    assert (await ask(said({"content": CONTENT}), key="")).content == CONTENT
    assert "authorization" not in asked[0].headers


FAULTS: dict[str, httpx.Response | Exception] = {
    "refused": httpx.Response(401, json={"error": {"message": "bad key sk-secret"}}),
    "too many": httpx.Response(429),
    "broken": httpx.Response(500, text="<html>"),
    "moved": httpx.Response(302, headers={"location": "http://169.254.169.254/"}),
    "no connection": httpx.ConnectError("no"),
    "late": httpx.ReadTimeout("late"),
    "no JSON": httpx.Response(200, text="hello"),
    "another form": httpx.Response(200, json={"choices": "none"}),
    "no choice": httpx.Response(200, json={"choices": []}),
    "nothing said": said({"content": ""}),
    "endless": httpx.Response(200, content=b" " * 200_000),
    "no text": httpx.Response(200, content=b"\xff\xfe"),
    "deep": httpx.Response(200, content=b"[" * 60_000),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_silence_that_tells_no_secret(fault: str) -> None:
    with pytest.raises(ModelSilent) as silent:
        await ask(FAULTS[fault])
    assert "secret" not in str(silent.value)


async def test_an_address_inward_is_not_asked() -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: said({"content": CONTENT}))) as http:
        with pytest.raises(ModelSilent):
            await HttpModel(http).complete(access(base_url="http://127.0.0.1:11434/v1"), b"{}")
        own = access(base_url="http://127.0.0.1:11434/v1")
        assert (await HttpModel(http, allow_private=True).complete(own, b"{}")).content == CONTENT
