"""Legal texts as pages show them."""

from storefront.web.prose import Block, blocks, titled


def test_headings_lists_and_paragraphs_are_told_apart_with_or_without_empty_lines_between() -> None:
    text = "## Who\nShop Ltd\n1 Street\n\n- one\n- two (*)\n\n\nThe end\n### Small\nprint"
    assert list(blocks(text)) == [
        Block("h2", ("Who",)),
        Block("p", ("Shop Ltd", "1 Street")),
        Block("ul", ("one", "two (*)")),
        Block("p", ("The end",)),
        Block("h3", ("Small",)),
        Block("p", ("print",)),
    ]


def test_a_texts_own_heading_leads_its_page() -> None:
    assert titled("# Our terms\n\nBe kind.", "Terms") == ("Our terms", [Block("p", ("Be kind.",))])
    assert titled("Be kind.", "Terms") == ("Terms", [Block("p", ("Be kind.",))])
    assert titled("#1 in shirts", "Terms") == ("Terms", [Block("p", ("#1 in shirts",))])
