"""Topics: what a sentence speaks of tells its intent, whatever the order of its words."""

from bots.understanding import Context, data, language, normalise, topics
from bots.understanding.reading import PastOrder

ORDERED = Context(orders=(PastOrder(number="X-1", status="shipped"),))


def _spoken(text: str, context: Context | None = None) -> set[str]:
    normal = normalise.normalise(text)
    where = topics.situation(context or Context())
    found = topics.told(normal, [token.text for token in normal.tokens], where)
    return {signal.name for signal in found.intents}


def test_the_order_of_words_does_not_matter() -> None:
    assert _spoken("my parcel, it has still not come") == {"track_order"}
    assert _spoken("still not come, my parcel") == {"track_order"}


def test_what_speaks_against_a_topic_silences_it() -> None:
    assert "track_order" not in _spoken("the parcel has still not come, I want my money back")


def test_notions_of_two_sentences_are_not_put_together() -> None:
    assert _spoken("my parcel. it has still not come, that answer") == set()


def test_where_the_conversation_stands_counts_as_a_notion() -> None:
    assert "track_order" not in _spoken("has it been sent out yet")
    assert "track_order" in _spoken("has it been sent out yet", ORDERED)


def test_a_signal_covers_the_words_that_raised_it() -> None:
    normal = normalise.normalise("hello, please delete everything you have saved about me")
    signal = topics.told(normal, [token.text for token in normal.tokens], 0).intents[0]
    assert normal.folded[signal.start : signal.end] == "delete everything you have saved about me"


def test_every_notion_of_the_data_file_is_used_by_a_topic() -> None:
    table = data.table("topics")
    used = {
        name for topic in table["topic"] for one in (*topic["needs"], topic.get("without", "")) for name in one.split()
    }
    assert set(table["notion"]) - used == set()


def test_words_of_dialects_are_read_as_what_they_stand_for_in_their_language_only() -> None:
    assert language.standard("hebbt", "de") == "habt"
    assert language.standard("net", "de") == "nicht"
    assert language.standard("net", "en") is None
