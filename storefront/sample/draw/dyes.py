"""Colours of the sample shop, and what each does to buttons, threads, linings and prints."""

from collections.abc import Mapping

from storefront.sample.draw.cloth import Colour

COLOURS: Mapping[str, Colour] = {
    "grey": (150, 151, 153), "white": (241, 239, 235), "black": (38, 38, 40), "navy": (40, 49, 76),
    "off white": (231, 223, 206), "olive": (94, 96, 66), "sage": (165, 176, 152), "rust": (164, 84, 48),
    "light blue": (178, 200, 224), "burgundy": (104, 36, 50), "charcoal": (70, 72, 75), "dark green": (38, 70, 55),
    "beige": (204, 186, 158), "sand": (214, 198, 168), "natural": (228, 218, 198), "petrol": (36, 84, 96),
    "indigo": (48, 60, 92), "blue": (74, 104, 144), "mustard": (196, 150, 58), "brown": (112, 76, 50),
    "dark brown": (74, 52, 40), "cognac": (154, 96, 54), "taupe": (168, 158, 144), "dark grey": (104, 105, 108),
    "tan": (188, 148, 104),
}  # fmt: skip

FIXED: Mapping[str, Colour] = {
    "label": (238, 233, 222), "metal": (186, 184, 178), "trim": (122, 76, 46), "cord": (234, 230, 222),
    "thread": (204, 150, 88), "rivet": (176, 122, 80), "lining": (196, 188, 174), "sole": (240, 237, 230),
    "eyelet": (126, 126, 126), "lace": (245, 243, 238), "hole": (34, 28, 24), "strap": (52, 54, 56),
    "print": (38, 70, 55),
}  # fmt: skip

Dyed = Mapping[str, Colour]

_GREEN, _RUST, _NAVY, _CREAM = COLOURS["dark green"], COLOURS["rust"], COLOURS["navy"], COLOURS["off white"]
_INK, _WARM_INK, _PITCH = (40, 40, 42), (40, 30, 24), (24, 22, 22)
_COPPER = (176, 122, 80)
# Sums of red, green and blue, of 765.
_PALE, _LIGHT, _DARK, _BLACK = 600, 400, 330, 150


def toward(colour: Colour, other: Colour, share: float) -> Colour:
    """Mixed: 0 is the colour, 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def plain(colour: Colour) -> Dyed:
    """Buttons of shell on light cloth, near the cloth's own colour on dark."""
    return {"button": (232, 224, 206) if sum(colour) >= _LIGHT else toward(colour, (30, 28, 26), 0.45)}


def horn(_colour: Colour) -> Dyed:
    """Buttons of horn."""
    return {"button": (92, 66, 46)}


def breton(colour: Colour) -> Dyed:
    """Stripes: navy on cream, cream on navy."""
    return {"stripe": _NAVY if sum(colour) > _LIGHT else _CREAM}


def flannel(colour: Colour) -> Dyed:
    """A dark check with a pale line."""
    return {"check": toward(colour, (28, 30, 34), 0.62), "check2": (214, 202, 180), "button": (60, 50, 44)}


def plaid(colour: Colour) -> Dyed:
    """A dark check with a red line."""
    return {"check": toward(colour, (36, 38, 42), 0.6), "check2": (150, 48, 44)}


def bomber(colour: Colour) -> Dyed:
    """Ribs a shade darker."""
    return {"rib": toward(colour, _INK, 0.35)}


def parka(colour: Colour) -> Dyed:
    """A lining in the shade of the shell."""
    return {"lining": toward(colour, (30, 30, 32), 0.5)}


def coat(colour: Colour) -> Dyed:
    """A quiet lining and dark buttons."""
    lining = (92, 88, 84) if sum(colour) > _DARK else (60, 62, 66)
    return {"lining": lining, "button": toward(colour, _WARM_INK, 0.6)}


def copper(_colour: Colour) -> Dyed:
    """Copper buttons."""
    return {"metal": _COPPER}


def jeans(colour: Colour) -> Dyed:
    """Orange thread, but grey on black denim."""
    return {"thread": FIXED["thread"] if sum(colour) > _BLACK else (70, 70, 72)}


def leather_shoe(colour: Colour) -> Dyed:
    """A green heel and white laces on white, all dark on dark."""
    pale = sum(colour) > _PALE
    return {"heel": _GREEN if pale else colour, "lace": FIXED["lace"] if pale else (60, 60, 62)}


def canvas_shoe(colour: Colour) -> Dyed:
    """A heel of the same cloth."""
    return {"heel": colour}


def boot(colour: Colour) -> Dyed:
    """Elastic, tab and sole nearly black."""
    return {"elastic": toward(colour, _PITCH, 0.6), "tab": toward(colour, _PITCH, 0.5), "sole": (46, 38, 34)}


def belt(colour: Colour) -> Dyed:
    """Undyed leather inside."""
    return {"inside": toward(colour, (168, 128, 92), 0.45)}


def woven_belt(colour: Colour) -> Dyed:
    """A darker inside."""
    return {"inside": toward(colour, _WARM_INK, 0.3)}


def socks(colour: Colour) -> Dyed:
    """Rust toes; the second pair in another shade."""
    return {"accent": _RUST, "second": toward(colour, (150, 160, 176), 0.35)}


def wool_socks(colour: Colour) -> Dyed:
    """Green rings on light wool, rust on dark."""
    return {"accent": _GREEN if sum(colour) > _LIGHT else _RUST, "second": colour}


def boxers(colour: Colour) -> Dyed:
    """The second pair a shade lighter, the band a shade darker."""
    return {"second": toward(colour, (110, 116, 128), 0.45), "band": toward(colour, (20, 20, 22), 0.3)}


def tote(colour: Colour) -> Dyed:
    """A green leaf on natural cloth, a pale one on dark."""
    return {"print": _GREEN if sum(colour) > _LIGHT else COLOURS["natural"]}


def cards(_colour: Colour) -> Dyed:
    """Two cards that look out."""
    return {"card": _GREEN, "card2": (214, 204, 190)}
