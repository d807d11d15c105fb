"""The sample shop's lookbooks: where the numbers stand in the scenes of draw/gallery.py."""

from dataclasses import dataclass

from catalog.lookbooks.values import HotspotDraft, LookbookDraft


@dataclass(frozen=True, slots=True)
class Look:
    """A lookbook without its picture; items are numbered in their order."""

    code: str
    title: dict[str, str]
    alt: dict[str, str]
    items: tuple[HotspotDraft, ...]

    def draft(self, image_id: str) -> LookbookDraft:
        """The lookbook with its picture."""
        return LookbookDraft(code=self.code, title=self.title, alt=self.alt, image_id=image_id, items=self.items)


LOOKS = (
    Look(
        "LB7",
        {"de": "Herbst in Grau", "en": "Autumn in Grey"},
        {
            "de": "Graues T-Shirt, taupefarbene Chino, dunkles Overshirt und Gürtel auf Stein, mit Lindenblättern",
            "en": "Grey T-shirt, taupe chino, charcoal overshirt and belt on pale stone, with linden leaves",
        },
        (
            HotspotDraft(x=0.30, y=0.34, sku="LL-TEE-GRY-M"),
            HotspotDraft(x=0.21, y=0.72, product_handle="chino"),
            HotspotDraft(x=0.66, y=0.46, product_handle="overshirt"),
            HotspotDraft(x=0.72, y=0.78, product_handle="belt"),
        ),
    ),
    Look(
        "LB8",
        {"de": "Sonntag am Wasser", "en": "Sunday by the Water"},
        {
            "de": "Jeans, Ringelshirt, senfgelber Regenparka, Canvas-Sneaker und eine dunkelblaue Mütze auf Holzdielen",
            "en": "Jeans, Breton shirt, mustard rain parka, canvas sneakers and a navy beanie on wooden boards",
        },
        (
            HotspotDraft(x=0.24, y=0.74, sku="LL-JEA-IND-3232"),
            HotspotDraft(x=0.30, y=0.34, sku="LL-BRE-OFF-M"),
            HotspotDraft(x=0.72, y=0.40, sku="LL-RAI-MUS-M"),
            HotspotDraft(x=0.78, y=0.83, sku="LL-CSN-OFF-42"),
            HotspotDraft(x=0.59, y=0.60, sku="LL-BEA-NAV"),
        ),
    ),
    Look(
        "LB9",
        {"de": "Büro ohne Krawatte", "en": "Office, No Tie"},
        {
            "de": "Graue Hose, hellblaues Hemd, bordeauxroter Pullover, Chelsea-Boots und Kartenetui auf Leinen",
            "en": "Grey pleated trousers, light blue shirt, burgundy sweater, Chelsea boots and card holder on linen",
        },
        (
            HotspotDraft(x=0.23, y=0.76, sku="LL-PLE-DGR-3232"),
            HotspotDraft(x=0.28, y=0.34, sku="LL-OXF-LBL-M"),
            HotspotDraft(x=0.68, y=0.30, sku="LL-MER-BUR-M"),
            HotspotDraft(x=0.70, y=0.72, sku="LL-CHE-DBR-42"),
            HotspotDraft(x=0.52, y=0.89, sku="LL-WAL-COG"),
        ),
    ),
)  # fmt: skip
