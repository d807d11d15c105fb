"""Colours: canonical English slugs, the words people use for them in German and English, and a swatch.

Option values are the merchant's own words; this table translates those that are colours and says which shades belong to
a basic colour ("blue" covers navy). It is our own list, made from everyday shop language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour. `forms` holds every written form per language, the plain adjective first."""

    slug: str
    hex: str
    family: str
    forms: Mapping[str, tuple[str, ...]]

    def name(self, locale: str) -> str:
        """The plain word: 'grau', 'grey'; other languages get English."""
        return (self.forms.get(locale.split("-", 1)[0]) or self.forms["en"])[0]


_ENDINGS = ("", "e", "en", "er", "es", "em")

# Slug, swatch, family, German words (a trailing '~' takes the adjective endings), other English words.
_TABLE = """
black | #1a1a1a | black | schwarz~ |
white | #fafafa | white | weiß~ weiss~ |
off white | #f4f0e6 | white | wollweiß~ wollweiss~ altweiß~ offwhite gebrochenes-weiß | offwhite off-white ecru
cream | #f3e9d2 | white | creme cremefarben~ cremeweiß~ ecru | creme cream-coloured
ivory | #f2ecdc | white | elfenbein elfenbeinfarben~ |
grey | #8a8d8f | grey | grau~ | gray
light grey | #c3c5c6 | grey | hellgrau~ | light-gray lightgrey
dark grey | #55585a | grey | dunkelgrau~ | dark-gray darkgrey
heather grey | #a5a7a9 | grey | graumeliert~ grau-meliert~ | heather-gray grey-marl
charcoal | #3b3f42 | grey | anthrazit anthrazitfarben~ anthrazitgrau~ | anthracite
silver | #c0c4c8 | grey | silber silbern~ silberfarben~ |
navy | #1f2a44 | blue | marine marineblau~ navy nachtblau~ | navy-blue
blue | #2f5d9b | blue | blau~ |
light blue | #a9c6e3 | blue | hellblau~ | lightblue baby-blue
dark blue | #20335c | blue | dunkelblau~ | darkblue
royal blue | #2546a6 | blue | royalblau~ königsblau~ kobaltblau~ | cobalt
sky blue | #87bbe0 | blue | himmelblau~ |
indigo | #38437a | blue | indigo indigoblau~ |
denim | #4a6a8f | blue | jeansblau~ denimblau~ | denim-blue
petrol | #1c5660 | blue | petrol petrolfarben~ petrolblau~ | teal-blue
teal | #1f7a7a | green | blaugrün~ |
turquoise | #35b5b0 | blue | türkis~ tuerkis~ türkisfarben~ | aqua
mint | #a8dcc4 | green | mint mintgrün~ minze | mint-green
green | #3f7d4e | green | grün~ gruen~ |
light green | #a6cf98 | green | hellgrün~ |
dark green | #1f4733 | green | dunkelgrün~ tannengrün~ waldgrün~ flaschengrün~ | forest-green bottle-green
olive | #6b6b3a | green | oliv olivgrün~ olive | olive-green
khaki | #8f8561 | green | khaki khakifarben~ |
sage | #a3b096 | green | salbei salbeigrün~ |
lime | #b5d334 | green | limette limettengrün~ |
yellow | #f2c230 | yellow | gelb~ |
mustard | #c99a2e | yellow | senf senfgelb~ ocker | ochre
gold | #c7a252 | yellow | gold golden~ goldfarben~ | golden
orange | #e8772e | orange | orange orangefarben~ orangene orangenen orangener orangenes |
rust | #a9522c | orange | rost rostrot~ rostbraun~ | terracotta
coral | #f27a66 | orange | koralle korallenrot~ korall |
apricot | #f6b98b | orange | apricot aprikose aprikot | peach
red | #c0312b | red | rot~ |
dark red | #8c1f24 | red | dunkelrot~ |
burgundy | #6d1f30 | red | bordeaux bordeauxrot~ weinrot~ burgunder burgunderrot~ | bordeaux wine maroon
pink | #e88aa6 | pink | pink pinkfarben~ pinke pinken pinker pinkes rosarot~ |
rose | #e7b7bd | pink | rosa rosé rose rosafarben~ altrosa zartrosa hellrosa rosane rosanen rosaner | blush light-pink
fuchsia | #c5317f | pink | fuchsia fuchsiarot~ magenta | magenta hot-pink
purple | #6a3d86 | purple | lila violett~ lilafarben~ lilane lilanen lilaner purpur | violet
lilac | #b9a1d3 | purple | flieder fliederfarben~ helllila lavendel | lavender mauve
aubergine | #45273f | purple | aubergine auberginefarben~ | plum eggplant
brown | #6f4a32 | brown | braun~ |
dark brown | #452e20 | brown | dunkelbraun~ schokobraun~ | chocolate
light brown | #a67c58 | brown | hellbraun~ |
cognac | #9a5c2e | brown | cognac cognacfarben~ cognacbraun~ |
tan | #b98b5e | brown | hellbeige karamell camel | camel caramel
taupe | #8b7d70 | brown | taupe schlamm |
beige | #d8c7a9 | beige | beige beigefarben~ beigen beiger beiges |
sand | #d9c4a0 | beige | sand sandfarben~ |
nude | #e3c5b0 | beige | nude hautfarben~ | skin
bronze | #8c6a3f | brown | bronze bronzefarben~ |
copper | #b26b43 | orange | kupfer kupferfarben~ |
natural | #e6dcc6 | beige | natur naturfarben~ naturweiß~ | undyed
multicolour | #999999 | multicolour | bunt~ mehrfarbig~ vielfarbig~ | \
multicolor multicoloured multicolored colourful colorful
transparent | #eeeeee | transparent | transparent durchsichtig~ klar | clear
"""


def _german(words: str) -> tuple[str, ...]:
    forms: list[str] = []
    for word in words.split():
        stem = word.rstrip("~").replace("-", " ")
        forms.extend(stem + ending for ending in (_ENDINGS if word.endswith("~") else ("",)))
    return tuple(dict.fromkeys(forms))


def _build() -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    for line in _TABLE.strip().splitlines():
        slug, swatch, family, german, english = (cell.strip() for cell in line.split("|"))
        forms = {"de": _german(german), "en": (slug, *(word.replace("-", " ") for word in english.split()))}
        found[slug] = Colour(slug, swatch, family, forms)
    return found


COLOURS: Mapping[str, Colour] = _build()


@lru_cache(maxsize=1)
def words() -> Mapping[str, str]:
    """Every written form, folded, to its slug; where two share a form the earlier row wins."""
    found: dict[str, str] = {}
    for colour in COLOURS.values():
        for form in (form for forms in colour.forms.values() for form in forms):
            found.setdefault(_fold(form), colour.slug)
    return found | {slug: slug for slug in COLOURS}


def colour_of(word: str) -> Colour | None:
    """The colour a word or a merchant's option value means, in either language; None for anything else."""
    slug = words().get(_fold(word))
    return COLOURS[slug] if slug else None


def display(value: str, locale: str) -> str:
    """An option value for people: a known colour in their language, anything else as the merchant wrote it."""
    colour = colour_of(value)
    return colour.name(locale) if colour else value


def _fold(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())
