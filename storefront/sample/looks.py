"""The sample shop's lookbooks: `data/lookbooks.json`, where the numbers stand in the scenes of draw/gallery.py."""

from pathlib import Path

import msgspec

from catalog.lookbooks.values import HotspotDraft, LookbookDraft


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A lookbook without its picture; items are numbered in their order."""

    code: str
    title: dict[str, str]
    alt: dict[str, str]
    items: tuple[HotspotDraft, ...]

    def draft(self, image_id: str) -> LookbookDraft:
        """The lookbook with its picture."""
        return LookbookDraft(code=self.code, title=self.title, alt=self.alt, image_id=image_id, items=self.items)


LOOKS = msgspec.json.decode((Path(__file__).with_name("data") / "lookbooks.json").read_bytes(), type=tuple[Look, ...])
