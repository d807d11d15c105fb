"""General words of trade that a shop's own goods may not teach: heads of German compounds, accessories, synonyms.

Our own lists of everyday words; nothing here is about one shop.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What German compounds in shops end with, beyond the words of the shop's own titles.
HEADS = _words(
    """
anzug armband armbanduhr badehose bademantel ball bank becher beutel bett bezug bikini blazer bluse body
boxershorts brille buch bürste creme decke dose drucker fahrrad flasche folie füller gabel garn gerät geschirr
gestell gitter glas gurt gürtel haken halter halterung handschuh handschuhe handtuch hemd hemden hocker hose hosen
hoodie hülle hut hüte jacke jacken jeans kabel kamera kanne kappe karte kasten kerze kette kissen kissenbezug
kleid kleider koffer kopfhörer korb körbe lampe laken latzhose leder leggings leine licht mantel mäntel maschine
maus messer mütze mützen ofen ohrring ohrringe parka pfanne pflege polo poloshirt pulli pullover pullunder puppe
rad regal ring rock röcke rucksack sakko sandale sandalen schal schale schere schirm schlafanzug schmuck schrank
schuh schuhe schürze seife sessel shirt shirts shorts sneaker socke socken sofa spiegel spiel spielzeug ständer
stativ stiefel stift stoff strumpf strümpfe stuhl stühle sweatshirt tablett tasche taschen tasse tastatur teller
teppich tisch tische tisch topf top träger tuch tücher uhr uhren unterhemd unterhose vase vorhang wäsche weste
westen zelt
"""
)

# A title with one of these is a part or an accessory of what its other words name ("keyboard cover", "Kamera-Tasche").
ACCESSORIES = _words(
    """
accessories accessory adapter adapters adaptor arm attachment backpack bag bags battery batteries bracket
briefcase cable cables cap cartridge cartridges case cases charger chargers charm cleaner cleaning clip clips cord
cover covers cradle dock drum film filter filters foil fuser grip guard hanger holder holders holster housing
insole insoles kit lace laces lens licence license lining lock mat module mount mounting mounts pad pads part
parts pillow polish pouch protector rack refill rest shelf skin sleeve spare stand stands stick strap straps
stylus supply tape toner toolkit tray tripod wall warranty wipes wrist akku anhänger armband aufbewahrung aufsatz
batterie befestigung beutel bezug bügel einlage einlegesohle einlegesohlen ersatzteil ersatzteile folie garantie
gurt halter halterung hülle hüllen kabel kartusche kasten ladegerät pflege pflegemittel reiniger riemen
schnürsenkel schutzfolie schutzhülle spray ständer stativ tasche taschen tinte zubehör
"""
)

# Used only for a word that the shop's own goods do not know.
_ALIKE = (
    ("pulli", "pullover", "sweater", "jumper"),
    ("hoodie", "kapuzenpullover", "kapuzenpulli", "kapuzensweatshirt"),
    ("tshirt", "shirt", "tee"),
    ("sweatshirt", "sweater", "pullover"),
    ("hose", "trousers", "pants"),
    ("jeans", "denim", "jeanshose"),
    ("mantel", "coat"),
    ("jacke", "jacket"),
    ("anorak", "jacke", "parka"),
    ("kleid", "dress"),
    ("rock", "skirt"),
    ("hemd", "oberhemd"),
    ("gürtel", "belt"),
    ("mütze", "beanie", "haube"),
    ("schal", "scarf", "halstuch"),
    ("schuhe", "shoes"),
    ("turnschuhe", "sneaker", "sneakers", "trainers"),
    ("stiefel", "boots"),
    ("socken", "strümpfe", "socks"),
    ("tasche", "bag"),
    ("rucksack", "backpack"),
    ("uhr", "watch"),
    ("brille", "glasses"),
    ("kette", "halskette", "necklace"),
    ("unterwäsche", "underwear"),
    ("handy", "smartphone", "mobiltelefon", "cellphone"),
    ("laptop", "notebook"),
    ("fernseher", "tv", "television"),
    ("kopfhörer", "headphones", "headset"),
    ("drucker", "printer"),
    ("bildschirm", "monitor", "display"),
    ("maus", "mouse"),
    ("tastatur", "keyboard"),
    ("lautsprecher", "speaker", "speakers"),
    ("ladegerät", "charger", "netzteil"),
    ("kabel", "cable"),
    ("sofa", "couch"),
    ("günstig", "sale", "reduziert"),
)


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in _ALIKE:
        for word in group:
            found[word] = (*found.get(word, ()), *(other for other in group if other != word))
    return found


SYNONYMS = _by_word()
