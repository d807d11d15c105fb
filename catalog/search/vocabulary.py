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


# What people ask shops of all kinds for, in English; German goods are in HEADS.
_GOODS = _words(
    """
adapter airbed album alarm amplifier apron armchair backpack bag bags ball ballpoint balloon bandage bangle barbecue
basket bath bathrobe battery bead beanie bear bed bedding belt bench bib bike bikini binder binoculars blanket
blazer blender blouse board boat book bookcase books boots bottle bouquet bowl bowls box bra bracelet brooch broom
brush brushes bucket buggy bulb cabinet cable cake calculator calendar camera candle candles candy cap cape card
cardigan cards carpet case chain chair chairs chalk charger chess chest chocolate clamp clock cloth clothes coat
coats coffee collar comb comforter compass computer console controller cookie cooker cooler copier costume cot couch
cover cream crib crown cup cups curtain curtains cushion cutlery decoration desk desktop detergent diapers dice dish
dishwasher doll doorbell drawer dress dresses drill drive drone drum dryer duvet earbuds earphones earrings easel
engine envelope fan faucet fence figure filter fitness flag flashlight flask flower flowers food fork frame freezer
fridge fryer game games gift glass glasses gloves glue grater grill grinder guitar hammer handbag hanger hat hats
headband headphones headset heater helmet hoodie hose humidifier ink iron jacket jackets jar jeans jewelry jigsaw
joystick juicer jumper kayak kettle key keyboard kite knife knives ladder lamp lamps lantern laptop lawnmower leash
leggings lego lens level light lighter lights lipstick lock lotion loudspeaker lunchbox magnet mask mat mattress
microphone microscope microwave mirror mixer modem monitor mop mouse mower mug mugs nail napkin necklace needle
nightgown notebook notepad oil oven paint paints pan pans pants paper parasol pen pencil pencils pendant perfume
phone phones piano pillow pillows pipe pitcher plant planter plate plates player plug pliers polish pool poster pot
printer printers projector puzzle pyjamas quilt racket radio rake razor receiver recorder refrigerator ring rings
robe robot rope router rug ruler saddle sandals saucepan saw scale scales scanner scarf scissors scooter screen
screwdriver seat seeds server sewing shampoo shaver sheets shelf shelves ship shirt shirts shoe shoes shorts shovel
shower sink skateboard skates skirt skirts sled sleeve slippers smartphone smartwatch sneakers soap socks sofa
soundbar spatula speaker speakers spice spoon spoons stand stapler station stick sticker stickers stockings stool
stove strap stroller suit suitcase sunglasses sunscreen sweater sweatshirt swimsuit switch sword table tablet tables
tank tape tea teapot telephone telescope television tent thermometer thermos tie tights tile toaster toilet tool
tools toothbrush toothpaste torch towel towels toy toys train trainers trampoline tray tree tricycle tripod trousers
trumpet tshirt tv umbrella underwear vacuum vase vest violin wallet wallpaper wardrobe watch watches wax webcam
wheel whistle wig wine wok wrapping wrench yarn yoghurt
    """
)


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in _ALIKE:
        for word in group:
            found[word] = (*found.get(word, ()), *(other for other in group if other != word))
    return found


SYNONYMS = _by_word()

# Nouns of trade in both languages: what somebody who asks a shop is likelier to mean than any other word of it.
GOODS = _GOODS | HEADS | ACCESSORIES | SYNONYMS.keys()
