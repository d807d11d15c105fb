"""Titles for categories that a merchant names only by slug: common shop words in German and English, else the slug."""

_WORDS: dict[str, tuple[str, str]] = {
    "women": ("Damen", "Women"),
    "men": ("Herren", "Men"),
    "unisex": ("Unisex", "Unisex"),
    "kids": ("Kinder", "Kids"),
    "baby": ("Baby", "Baby"),
    "dresses": ("Kleider", "Dresses"),
    "skirts": ("Röcke", "Skirts"),
    "tops": ("Oberteile", "Tops"),
    "t-shirts": ("T-Shirts", "T-shirts"),
    "tees": ("T-Shirts", "T-shirts"),
    "shirts": ("Hemden", "Shirts"),
    "blouses": ("Blusen", "Blouses"),
    "overshirts": ("Overshirts", "Overshirts"),
    "polos": ("Poloshirts", "Polo shirts"),
    "sweaters": ("Pullover", "Sweaters"),
    "knitwear": ("Strick", "Knitwear"),
    "hoodies": ("Hoodies", "Hoodies"),
    "sweatshirts": ("Sweatshirts", "Sweatshirts"),
    "cardigans": ("Strickjacken", "Cardigans"),
    "jackets": ("Jacken", "Jackets"),
    "coats": ("Mäntel", "Coats"),
    "trousers": ("Hosen", "Trousers"),
    "pants": ("Hosen", "Trousers"),
    "chinos": ("Chinos", "Chinos"),
    "jeans": ("Jeans", "Jeans"),
    "shorts": ("Shorts", "Shorts"),
    "suits": ("Anzüge", "Suits"),
    "underwear": ("Unterwäsche", "Underwear"),
    "socks": ("Socken", "Socks"),
    "shoes": ("Schuhe", "Shoes"),
    "boots": ("Stiefel", "Boots"),
    "sneakers": ("Sneaker", "Sneakers"),
    "accessories": ("Accessoires", "Accessories"),
    "belts": ("Gürtel", "Belts"),
    "bags": ("Taschen", "Bags"),
    "hats": ("Hüte und Mützen", "Hats"),
    "beanies": ("Mützen", "Beanies"),
    "scarves": ("Schals", "Scarves"),
    "gloves": ("Handschuhe", "Gloves"),
    "jewellery": ("Schmuck", "Jewellery"),
    "watches": ("Uhren", "Watches"),
    "clothing": ("Kleidung", "Clothing"),
    "sale": ("Sale", "Sale"),
    "new": ("Neu", "New"),
    "home": ("Wohnen", "Home"),
    "gifts": ("Geschenke", "Gifts"),
}


def title_of(path: str) -> dict[str, str]:
    """Titles for the last slug of a path."""
    slug = path.rpartition("/")[2]
    if known := _WORDS.get(slug):
        return {"de": known[0], "en": known[1]}
    plain = slug.replace("-", " ").replace("_", " ")
    plain = plain[:1].upper() + plain[1:]
    return {"de": plain, "en": plain}


def prefixes(path: str) -> list[str]:
    """A path and all its parents, from the root: 'a/b' is in 'a' and 'a/b'."""
    parts = path.split("/") if path else []
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
