"""The search index: a document per product and language, their vocabulary, merchants' synonyms; and unmet demand.

Documents are in two tables: the narrow one is read for every match, the wide one only for the few that are ranked.
Each document's words begin with a word of the shop and language itself, so that one shop's search never walks through
another shop's entries of the shared inverted index.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, ShopRef


class SearchDocument(Base):
    """What is matched and filtered. `lead` holds title (A) and brand, category, tags, colours, codes (B).

    `title_norm` grows with the title's length and divides its rank; `accessories` are stems of the title's words that
    make it a part or an accessory of something.
    """

    __tablename__ = "search_document"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), primary_key=True)
    handle: Mapped[str]
    title: Mapped[str]
    brand: Mapped[str]
    category_path: Mapped[str]
    price_minor: Mapped[int]
    reduced: Mapped[bool]
    colours: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    sizes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    accessories: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    title_norm: Mapped[float] = mapped_column(Float(24))
    lead: Mapped[str] = mapped_column(TSVECTOR)

    __table_args__ = (
        # Without a pending list: it would be walked by every search until the next vacuum.
        Index("ix_search_document_lead", "lead", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_search_document_product_id", "product_id"),
    )


class SearchText(Base):
    """All of a document's words, with attributes (C) and description (D); and those it gave to the vocabulary.

    `titled` are those of `words` that stand in its title or labels.
    """

    __tablename__ = "search_text"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    facts_norm: Mapped[float] = mapped_column(Float(24))
    prose_norm: Mapped[float] = mapped_column(Float(24))
    body: Mapped[str] = mapped_column(TSVECTOR)
    words: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    titled: Mapped[list[str]] = mapped_column(ARRAY(TEXT))

    __table_args__ = (
        ForeignKeyConstraint(
            ["shop_id", "locale", "product_id"],
            ["search_document.shop_id", "search_document.locale", "search_document.product_id"],
            ondelete="CASCADE",
        ),
        Index("ix_search_text_body", "body", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )


class SearchWord(Base):
    """A word of the shop's goods: how many documents have it, and how many in title, brand, category, tag or colour."""

    __tablename__ = "search_word"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    lexeme: Mapped[str]
    documents: Mapped[int] = mapped_column(Integer)
    titles: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_search_word_shop_id_locale_lexeme", "shop_id", "locale", "lexeme"),
        Index("ix_search_word_trigrams", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
    )


class SearchSpelling(Base):
    """A word with one letter left out leads to the word: finds all words one slip away ('symmetric delete')."""

    __tablename__ = "search_spelling"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class SearchSynonym(Base):
    """Words that mean the same to the shop's customers, as the merchant says."""

    __tablename__ = "search_synonym"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(TEXT))


class UnmetDemand(Base):
    """What was asked for and not to be had, per day: nothing fitted the words, or the piece was sold out."""

    __tablename__ = "unmet_demand"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str | None]
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("reason IN ('nothing_found', 'sold_out')", name="reason"),)
