"""German and English inflection, as far as captions need it.

Genders are "m", "f", "n"; cases "nom", "acc", "dat". A noun phrase is definite ("der alte Mann"), indefinite ("ein alter Mann"), bare
("alter Käse", also after numbers: "zwei alte Männer"), or possessed ("sein alter Hut").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f", "n"]
Case = Literal["nom", "acc", "dat"]
Slot = Literal["m", "f", "n", "plural"]

SLOTS: tuple[Slot, ...] = ("m", "f", "n", "plural")
DEFINITE: dict[Case, tuple[str, str, str, str]] = {
    "nom": ("der", "die", "das", "die"),
    "acc": ("den", "die", "das", "die"),
    "dat": ("dem", "der", "dem", "den"),
}
# what follows "ein", "sein", "ihr", "kein"; "-" where there is no such form
INDEFINITE: dict[Case, tuple[str, str, str, str]] = {
    "nom": ("", "e", "", "e"),
    "acc": ("en", "e", "", "e"),
    "dat": ("em", "er", "em", "en"),
}
WEAK: dict[Case, tuple[str, str, str, str]] = {  # the adjective's ending after der, die, das
    "nom": ("e", "e", "e", "en"),
    "acc": ("en", "e", "e", "en"),
    "dat": ("en", "en", "en", "en"),
}
MIXED: dict[Case, tuple[str, str, str, str]] = {  # after ein, sein, ihr
    "nom": ("er", "e", "es", "en"),
    "acc": ("en", "e", "es", "en"),
    "dat": ("en", "en", "en", "en"),
}
STRONG: dict[Case, tuple[str, str, str, str]] = {  # without an article, or after a number
    "nom": ("er", "e", "es", "e"),
    "acc": ("en", "e", "es", "e"),
    "dat": ("em", "er", "em", "en"),
}
NUMBERS = {2: ("zwei", "two"), 3: ("drei", "three"), 4: ("vier", "four"), 5: ("fünf", "five")}
CONTRACTIONS = {
    ("in", "dem"): "im",
    ("in", "das"): "ins",
    ("an", "dem"): "am",
    ("an", "das"): "ans",
    ("zu", "dem"): "zum",
    ("zu", "der"): "zur",
    ("von", "dem"): "vom",
    ("bei", "dem"): "beim",
}


@dataclass(frozen=True, slots=True)
class Noun:
    """`weak` nouns take -en or -n in every form but the nominative singular (der Junge, den Jungen). `tags` say where it fits."""

    german: str
    german_plural: str
    gender: Gender
    english: str
    english_plural: str
    tags: frozenset[str]
    weak: bool = False
    mass: bool = False  # no article, no plural: Kaffee


@dataclass(frozen=True, slots=True)
class Adjective:
    """`german` is the stem that endings are put on: "alt", "dunkl", "rosa". Those of `invariable` take none."""

    german: str
    english: str
    tags: frozenset[str]
    invariable: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """`singular` and `plural` are the finite forms without the particle: hebt … auf, heben … auf."""

    infinitive: str  # without the particle, as is the plural form
    singular: str
    participle: str  # with the particle: aufgehoben
    english: str
    english_singular: str
    english_ing: str
    english_participle: str
    particle: str = ""

    @property
    def full_infinitive(self) -> str:
        return self.particle + self.infinitive

    @property
    def infinitive_with_zu(self) -> str:
        return f"{self.particle}zu{self.infinitive}" if self.particle else f"zu {self.infinitive}"

    def finite(self, plural: bool) -> str:
        return self.infinitive if plural else self.singular

    def finite_at_end(self, plural: bool) -> str:
        """As subordinate clauses have it: the particle is joined to the verb."""
        return self.particle + self.finite(plural)


def slot(noun: Noun, plural: bool) -> Slot:
    return "plural" if plural else noun.gender


def ending(table: dict[Case, tuple[str, str, str, str]], case: Case, of: Slot) -> str:
    return table[case][SLOTS.index(of)]


def german_noun(noun: Noun, case: Case, plural: bool) -> str:
    """The noun in its case; the dative plural adds -n unless the plural ends in -n or -s."""
    if plural:
        return noun.german_plural + ("n" if case == "dat" and noun.german_plural[-1] not in "ns" else "")
    return noun.german_plural if noun.weak and case != "nom" else noun.german


def german_adjective(adjective: Adjective, inflection: str) -> str:
    return adjective.german if adjective.invariable else adjective.german + inflection


def german_phrase(noun: Noun, case: Case, adjectives: tuple[Adjective, ...] = (), *, determiner: str, plural: bool = False) -> str:
    """`determiner` is "definite", "indefinite", "bare", a number word ("zwei"), or a possessive's stem ("sein", "ihr")."""
    where = slot(noun, plural)
    if determiner == "definite":
        words, table = [ending(DEFINITE, case, where)], WEAK
    elif determiner == "bare":
        words, table = [], STRONG
    elif determiner in (german for german, _ in NUMBERS.values()):
        words, table = [determiner], STRONG
    else:
        stem = "ein" if determiner == "indefinite" else determiner
        words, table = [stem + ending(INDEFINITE, case, where)], MIXED
    words += [german_adjective(adjective, ending(table, case, where)) for adjective in adjectives]
    return " ".join([*words, german_noun(noun, case, plural)])


def english_phrase(noun: Noun, adjectives: tuple[Adjective, ...] = (), *, determiner: str, plural: bool = False) -> str:
    """`determiner` is "definite", "indefinite", "bare", a number word ("two") or a possessive ("his")."""
    words = [adjective.english for adjective in adjectives] + [noun.english_plural if plural else noun.english]
    if determiner == "definite":
        words.insert(0, "the")
    elif determiner == "indefinite":
        words.insert(0, "an" if words[0].startswith(("a", "e", "i", "o", "um")) else "a")
    elif determiner != "bare":
        words.insert(0, determiner)
    return " ".join(words)


def contracted(preposition: str, phrase: str) -> str:
    """The preposition before its phrase; with a definite article they may become one word: in dem -> im."""
    article, _, rest = phrase.partition(" ")
    joined = CONTRACTIONS.get((preposition, article))
    return f"{joined} {rest}" if joined else f"{preposition} {phrase}"


def relative_pronoun(noun: Noun, plural: bool) -> str:
    """In the nominative it looks like the article."""
    return ending(DEFINITE, "nom", slot(noun, plural))


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[0].upper()}{text[1:]}."
