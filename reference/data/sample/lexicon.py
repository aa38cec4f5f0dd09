"""The words of the sample captions.

Tags say what fits what: an action names the tags of its subjects, objects and places.
"""

from __future__ import annotations

from dataclasses import dataclass

from reference.data.sample.grammar import Adjective, Case, Gender, Noun, Verb


def _noun(german: str, plural: str, gender: Gender, english: str, english_plural: str, tags: str, *, weak: bool = False) -> Noun:
    return Noun(german, plural, gender, english, english_plural, frozenset(tags.split()), weak=weak)


def _mass(german: str, gender: Gender, english: str, tags: str) -> Noun:
    return Noun(german, german, gender, english, english, frozenset(tags.split()), mass=True)


# "he", "she", "it" choose the possessive; "it" has none, since English has no good one for a child
PEOPLE = (
    _noun("Mann", "Männer", "m", "man", "men", "person adult he"),
    _noun("Frau", "Frauen", "f", "woman", "women", "person adult she"),
    _noun("Junge", "Jungen", "m", "boy", "boys", "person child he", weak=True),
    _noun("Mädchen", "Mädchen", "n", "girl", "girls", "person child she"),
    _noun("Kind", "Kinder", "n", "child", "children", "person child it"),
    _noun("Arbeiter", "Arbeiter", "m", "worker", "workers", "person adult he"),
    _noun("Polizist", "Polizisten", "m", "policeman", "policemen", "person adult he", weak=True),
    _noun("Tänzerin", "Tänzerinnen", "f", "dancer", "dancers", "person adult she"),
    _noun("Musiker", "Musiker", "m", "musician", "musicians", "person adult he"),
    _noun("Sportlerin", "Sportlerinnen", "f", "athlete", "athletes", "person adult she"),
    _noun("Student", "Studenten", "m", "student", "students", "person adult he", weak=True),
    _noun("Köchin", "Köchinnen", "f", "cook", "cooks", "person adult she"),
    _noun("Bauer", "Bauern", "m", "farmer", "farmers", "person adult he", weak=True),
    _noun("Großmutter", "Großmütter", "f", "grandmother", "grandmothers", "person adult she"),
    _noun("Verkäufer", "Verkäufer", "m", "salesman", "salesmen", "person adult he"),
    _noun("Lehrerin", "Lehrerinnen", "f", "teacher", "teachers", "person adult she"),
    _noun("Tourist", "Touristen", "m", "tourist", "tourists", "person adult he", weak=True),
    _noun("Freundin", "Freundinnen", "f", "friend", "friends", "person adult she"),
)
ANIMALS = (
    _noun("Hund", "Hunde", "m", "dog", "dogs", "animal runner pet he"),
    _noun("Katze", "Katzen", "f", "cat", "cats", "animal runner pet she"),
    _noun("Pferd", "Pferde", "n", "horse", "horses", "animal runner it"),
    _noun("Vogel", "Vögel", "m", "bird", "birds", "animal it"),
    _noun("Ziege", "Ziegen", "f", "goat", "goats", "animal runner it"),
    _noun("Affe", "Affen", "m", "monkey", "monkeys", "animal runner it", weak=True),
)
THINGS = (
    _noun("Ball", "Bälle", "m", "ball", "balls", "thing toy thrown small"),
    _noun("Frisbeescheibe", "Frisbeescheiben", "f", "frisbee", "frisbees", "thing toy thrown small"),
    _noun("Stock", "Stöcke", "m", "stick", "sticks", "thing thrown small"),
    _noun("Stein", "Steine", "m", "stone", "stones", "thing thrown small"),
    _noun("Drachen", "Drachen", "m", "kite", "kites", "thing toy small"),
    _noun("Spielzeug", "Spielzeuge", "n", "toy", "toys", "thing toy small"),
    _noun("Buch", "Bücher", "n", "book", "books", "thing read small"),
    _noun("Zeitung", "Zeitungen", "f", "newspaper", "newspapers", "thing read small"),
    _noun("Brief", "Briefe", "m", "letter", "letters", "thing read written small"),
    _noun("Landkarte", "Landkarten", "f", "map", "maps", "thing read small"),
    _noun("Schild", "Schilder", "n", "sign", "signs", "thing painted small"),
    _noun("Apfel", "Äpfel", "m", "apple", "apples", "thing food small"),
    _noun("Kuchen", "Kuchen", "m", "cake", "cakes", "thing food cooked"),
    _noun("Banane", "Bananen", "f", "banana", "bananas", "thing food small"),
    _noun("Brötchen", "Brötchen", "n", "roll", "rolls", "thing food small"),
    _noun("Suppe", "Suppen", "f", "soup", "soups", "food cooked"),
    _noun("Gitarre", "Gitarren", "f", "guitar", "guitars", "thing instrument"),
    _noun("Trommel", "Trommeln", "f", "drum", "drums", "thing instrument"),
    _noun("Klavier", "Klaviere", "n", "piano", "pianos", "instrument"),
    _noun("Geige", "Geigen", "f", "violin", "violins", "thing instrument"),
    _noun("Hut", "Hüte", "m", "hat", "hats", "thing clothes headwear small"),
    _noun("Jacke", "Jacken", "f", "jacket", "jackets", "thing clothes garment small"),
    _noun("Hemd", "Hemden", "n", "shirt", "shirts", "thing clothes garment small"),
    _noun("Kleid", "Kleider", "n", "dress", "dresses", "thing clothes garment"),
    _noun("Helm", "Helme", "m", "helmet", "helmets", "thing clothes headwear small"),
    _noun("Mütze", "Mützen", "f", "cap", "caps", "thing clothes headwear small"),
    _noun("Rucksack", "Rucksäcke", "m", "backpack", "backpacks", "thing carried"),
    _noun("Korb", "Körbe", "m", "basket", "baskets", "thing carried"),
    _noun("Kiste", "Kisten", "f", "box", "boxes", "thing carried"),
    _noun("Koffer", "Koffer", "m", "suitcase", "suitcases", "thing carried pulled"),
    _noun("Regenschirm", "Regenschirme", "m", "umbrella", "umbrellas", "thing carried small"),
    _noun("Leiter", "Leitern", "f", "ladder", "ladders", "thing carried"),
    _noun("Fahrrad", "Fahrräder", "n", "bicycle", "bicycles", "thing vehicle ridden pushed"),
    _noun("Motorrad", "Motorräder", "n", "motorcycle", "motorcycles", "thing vehicle ridden"),
    _noun("Auto", "Autos", "n", "car", "cars", "thing vehicle pushed"),
    _noun("Schlitten", "Schlitten", "m", "sled", "sleds", "thing pulled"),
    _noun("Wagen", "Wagen", "m", "cart", "carts", "thing pulled pushed"),
    _noun("Boot", "Boote", "n", "boat", "boats", "thing vehicle pulled"),
    _noun("Zaun", "Zäune", "m", "fence", "fences", "painted built"),
    _noun("Mauer", "Mauern", "f", "wall", "walls", "painted built"),
    _noun("Haus", "Häuser", "n", "house", "houses", "painted built"),
    _noun("Turm", "Türme", "m", "tower", "towers", "built"),
    _noun("Bild", "Bilder", "n", "picture", "pictures", "thing painted small"),
    _noun("Kamera", "Kameras", "f", "camera", "cameras", "thing small"),
    _noun("Fenster", "Fenster", "n", "window", "windows", "washed"),
    _noun("Blume", "Blumen", "f", "flower", "flowers", "thing small"),
    _mass("Kaffee", "m", "coffee", "drink"),
    _mass("Wasser", "n", "water", "drink"),
    _mass("Tee", "m", "tea", "drink"),
    _mass("Milch", "f", "milk", "drink"),
)


def _adjective(german: str, english: str, tags: str, *, invariable: bool = False) -> Adjective:
    return Adjective(german, english, frozenset(tags.split()), invariable)


ADJECTIVES = (
    _adjective("jung", "young", "person"),
    _adjective("alt", "old", "adult vehicle built clothes"),
    _adjective("müd", "tired", "person animal"),
    _adjective("glücklich", "happy", "person"),
    _adjective("blond", "blond", "person"),
    _adjective("groß", "big", "animal thing built"),
    _adjective("groß", "tall", "adult"),
    _adjective("klein", "small", "animal thing child"),
    _adjective("braun", "brown", "animal clothes"),
    _adjective("schwarz", "black", "animal clothes vehicle"),
    _adjective("weiß", "white", "animal clothes built"),
    _adjective("rot", "red", "clothes vehicle toy carried built"),
    _adjective("blau", "blue", "clothes vehicle toy carried"),
    _adjective("grün", "green", "clothes vehicle toy"),
    _adjective("gelb", "yellow", "clothes toy carried"),
    _adjective("rosa", "pink", "clothes toy", invariable=True),
    _adjective("dunkl", "dark", "clothes"),
    _adjective("neu", "new", "clothes vehicle instrument"),
    _adjective("schwer", "heavy", "carried"),
    _adjective("bunt", "colorful", "clothes toy"),
    _adjective("nass", "wet", "animal"),
    _adjective("frisch", "fresh", "food"),
    _adjective("kalt", "cold", "drink"),
    _adjective("interessant", "interesting", "read"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens (dative) or where to (accusative; "zu" takes the dative also then)."""

    preposition: str
    noun: str
    gender: Gender
    english: str  # with its preposition
    tags: frozenset[str]
    case: Case = "dat"


def _place(preposition: str, noun: str, gender: Gender, english: str, tags: str, case: Case = "dat") -> Place:
    return Place(preposition, noun, gender, english, frozenset(tags.split()), case)


PLACES = (
    _place("in", "Park", "m", "in the park", "outside green"),
    _place("auf", "Straße", "f", "on the street", "outside street"),
    _place("an", "Strand", "m", "at the beach", "outside green"),
    _place("auf", "Wiese", "f", "in the meadow", "outside green"),
    _place("in", "Garten", "m", "in the garden", "outside green"),
    _place("vor", "Haus", "n", "in front of the house", "outside street"),
    _place("auf", "Spielplatz", "m", "on the playground", "outside green"),
    _place("an", "See", "m", "by the lake", "outside green"),
    _place("in", "Wald", "m", "in the forest", "outside green"),
    _place("auf", "Markt", "m", "at the market", "outside street"),
    _place("hinter", "Scheune", "f", "behind the barn", "outside green"),
    _place("neben", "Brunnen", "m", "next to the fountain", "outside street"),
    _place("unter", "Brücke", "f", "under the bridge", "outside street"),
    _place("auf", "Berg", "m", "on the mountain", "outside green"),
    _place("in", "Küche", "f", "in the kitchen", "inside kitchen"),
    _place("in", "Wohnzimmer", "n", "in the living room", "inside"),
    _place("in", "Café", "n", "in the café", "inside kitchen"),
    _place("in", "Schule", "f", "at school", "inside"),
    _place("auf", "Bühne", "f", "on the stage", "inside stage"),
    _place("an", "Tisch", "m", "at the table", "inside kitchen"),
)
DIRECTIONS = (
    _place("über", "Straße", "f", "across the street", "land", "acc"),
    _place("durch", "Wald", "m", "through the forest", "land", "acc"),
    _place("in", "Park", "m", "into the park", "land", "acc"),
    _place("in", "Wasser", "n", "into the water", "land water", "acc"),
    _place("zu", "Bahnhof", "m", "to the station", "land", "dat"),
    _place("zu", "Schule", "f", "to the school", "land", "dat"),
    _place("über", "Wiese", "f", "across the meadow", "land", "acc"),
    _place("auf", "Berg", "m", "up the mountain", "land", "acc"),
    _place("an", "Strand", "m", "to the beach", "land", "acc"),
    _place("durch", "Fluss", "m", "through the river", "land water", "acc"),
    _place("über", "Brücke", "f", "over the bridge", "land", "acc"),
    _place("um", "See", "m", "around the lake", "land", "acc"),
)
# Fronted, they put the German verb before its subject.
TIMES = (
    ("heute", "today"),
    ("am Abend", "in the evening"),
    ("am Morgen", "in the morning"),
    ("im Sommer", "in summer"),
    ("an einem sonnigen Tag", "on a sunny day"),
    ("nach der Arbeit", "after work"),
    ("bei schlechtem Wetter", "in bad weather"),
    ("jeden Tag", "every day"),
)
WEATHER = (
    ("weil es regnet", "because it is raining"),
    ("obwohl es kalt ist", "although it is cold"),
    ("wenn die Sonne scheint", "when the sun is shining"),
    ("bevor der Zug abfährt", "before the train leaves"),
    ("nachdem der Regen aufgehört hat", "after the rain has stopped"),
    ("solange es hell ist", "as long as it is light"),
)


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does: the tags of who does it, to what (none: an intransitive verb), and where or, for a motion, where to."""

    verb: Verb
    subjects: frozenset[str]
    objects: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    own: bool = False  # the object may be the subject's own: his hat


def _action(
    german: str, english: str, subjects: str, objects: str = "", places: str = "", directions: str = "", own: bool = False
) -> Action:
    """`german`: infinitive, finite singular, participle, and a particle if there is one; `english`: base, singular, -ing, participle."""
    infinitive, singular, participle, *particle = german.split()
    base, english_singular, english_ing, english_participle = (form.replace("_", " ") for form in english.split())
    verb = Verb(infinitive, singular, participle, base, english_singular, english_ing, english_participle, *particle)
    return Action(
        verb, frozenset(subjects.split()), frozenset(objects.split()), frozenset(places.split()), frozenset(directions.split()), own
    )


ACTIONS = (
    _action("sitzen sitzt gesessen", "sit sits sitting sat", "person pet", "", "outside inside"),
    _action("stehen steht gestanden", "stand stands standing stood", "person runner", "", "outside stage"),
    _action("schlafen schläft geschlafen", "sleep sleeps sleeping slept", "person pet child", "", "green inside"),
    _action("warten wartet gewartet", "wait waits waiting waited", "person", "", "street kitchen"),
    _action("tanzen tanzt getanzt", "dance dances dancing danced", "person", "", "street stage"),
    _action("singen singt gesungen", "sing sings singing sung", "person", "", "street stage"),
    _action("arbeiten arbeitet gearbeitet", "work works working worked", "adult", "", "outside kitchen"),
    _action("spielen spielt gespielt", "play plays playing played", "child pet", "", "green inside"),
    _action("lachen lacht gelacht", "laugh laughs laughing laughed", "person", "", "outside inside"),
    _action("laufen läuft gelaufen", "run runs running run", "person runner", "", "", "land water"),
    _action("gehen geht gegangen", "walk walks walking walked", "person", "", "", "land"),
    _action("springen springt gesprungen", "jump jumps jumping jumped", "person runner", "", "", "water"),
    _action("wandern wandert gewandert", "hike hikes hiking hiked", "adult", "", "", "land"),
    _action("spielen spielt gespielt", "play plays playing played", "person", "instrument", "street stage"),
    _action("lesen liest gelesen", "read reads reading read", "person", "read", "green inside"),
    _action("schreiben schreibt geschrieben", "write writes writing written", "person", "written", "inside"),
    _action("halten hält gehalten", "hold holds holding held", "person", "small", "outside", own=True),
    _action("werfen wirft geworfen", "throw throws throwing thrown", "person", "thrown", "green"),
    _action("fangen fängt gefangen", "catch catches catching caught", "person pet", "thrown", "green"),
    _action("essen isst gegessen", "eat eats eating eaten", "person", "food", "green kitchen"),
    _action("trinken trinkt getrunken", "drink drinks drinking drunk", "person", "drink", "green kitchen"),
    _action("kaufen kauft gekauft", "buy buys buying bought", "person", "food clothes", "street"),
    _action("verkaufen verkauft verkauft", "sell sells selling sold", "adult", "food clothes toy", "street"),
    _action("tragen trägt getragen", "wear wears wearing worn", "person", "clothes", "outside"),
    _action("tragen trägt getragen", "carry carries carrying carried", "person", "carried", "outside", own=True),
    _action("ziehen zieht gezogen", "pull pulls pulling pulled", "person", "pulled", "green", own=True),
    _action("schieben schiebt geschoben", "push pushes pushing pushed", "person", "pushed", "street", own=True),
    _action("reparieren repariert repariert", "repair repairs repairing repaired", "adult", "vehicle", "street", own=True),
    _action("waschen wäscht gewaschen", "wash washes washing washed", "person", "vehicle pet washed", "outside", own=True),
    _action("bauen baut gebaut", "build builds building built", "person", "built", "green"),
    _action("malen malt gemalt", "paint paints painting painted", "person", "painted", "outside"),
    _action(
        "fotografieren fotografiert fotografiert", "photograph photographs photographing photographed", "person", "animal person", "outside"
    ),
    _action("beobachten beobachtet beobachtet", "watch watches watching watched", "person pet", "animal person", "outside"),
    _action("streicheln streichelt gestreichelt", "pet pets petting petted", "person", "pet", "outside inside", own=True),
    _action("füttern füttert gefüttert", "feed feeds feeding fed", "person", "animal", "green", own=True),
    _action("suchen sucht gesucht", "look_for looks_for looking_for looked_for", "person pet", "toy clothes", "outside inside", own=True),
    _action("heben hebt aufgehoben auf", "pick_up picks_up picking_up picked_up", "person", "small", "outside"),
    _action("ziehen zieht angezogen an", "put_on puts_on putting_on put_on", "person", "garment", "inside street", own=True),
    _action("setzen setzt aufgesetzt auf", "put_on puts_on putting_on put_on", "person", "headwear", "outside", own=True),
    _action("schauen schaut angeschaut an", "look_at looks_at looking_at looked_at", "person", "read painted animal", "outside inside"),
    _action("bereiten bereitet vorbereitet vor", "prepare prepares preparing prepared", "adult", "cooked", "kitchen"),
    _action("probieren probiert anprobiert an", "try_on tries_on trying_on tried_on", "person", "clothes", "street"),
    _action("packen packt ausgepackt aus", "unpack unpacks unpacking unpacked", "person", "carried", "inside street", own=True),
)
MODALS = (  # German singular and plural, English singular and plural
    ("möchte", "möchten", "wants to", "want to"),
    ("muss", "müssen", "has to", "have to"),
    ("kann", "können", "can", "can"),
    ("darf", "dürfen", "is allowed to", "are allowed to"),
)
