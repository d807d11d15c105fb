"""What pages may say, judged by the recorded frames."""

import json

import pytest

from bots.channels.webchat import frames
from bots.channels.webchat.frames import Nack
from tests.shared import shared


def test_every_recorded_frame_is_understood() -> None:
    folder = shared("channels/samples/webchat")
    read = {
        path.stem: frames.read(path.read_bytes()) for path in folder.glob("*.json") if '"type": "' in path.read_text()
    }
    assert {type(frame).__name__ for frame in read.values()} == {"Hello", "Send", "Tap", "Typing", "Read", "Ping"}


def test_the_same_frame_has_the_same_digest_in_any_order() -> None:
    one = frames.read_answered('{"type":"action","cid":"1","action_id":"a","value":{"x":1,"y":2}}')
    other = frames.read_answered('{"value":{"y":2,"x":1},"action_id":"a","cid":"1","type":"action"}')
    assert frames.digest(one) == frames.digest(other)
    assert frames.load(json.loads(json.dumps(frames.dump(one)))) == one


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("", "invalid"),
        ("null", "invalid"),
        ('{"type":"send"}', "invalid"),
        ('{"type":"send","cid":"","content":{"type":"text","text":"x"}}', "invalid"),
        ('{"type":"send","cid":"1","content":{"type":"location","latitude":91,"longitude":0}}', "invalid"),
        ('{"type":"hello","token":"x"}', "unsupported"),
        ('{"cid":"1"}', "unsupported"),
        ("[" * 5_000, "invalid"),
    ],
)
def test_a_frame_out_of_form_is_refused_by_its_word(raw: str, word: str) -> None:
    with pytest.raises(Nack) as refused:
        frames.read_answered(raw)
    assert refused.value.word == word
