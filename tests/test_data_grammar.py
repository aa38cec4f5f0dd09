"""Inflection: every article, ending and case as a grammar book has it, and agreement in what the grammar makes."""

from __future__ import annotations

import re
from itertools import product

import pytest

from reference.data.sample.captions import SHAPES, pairs
from reference.data.sample.grammar import Adjective, Case, Noun, contracted, english_phrase, german_noun, german_phrase, relative_pronoun
from reference.data.sample.lexicon import ACTIONS, ADJECTIVES, DIRECTIONS, PLACES
from reference.data.sample.phrases import NOUNS

BY_NAME = {noun.german: noun for noun in NOUNS}
OLD = Adjective("alt", "old", frozenset())
CASES: tuple[Case, ...] = ("nom", "acc", "dat")


@pytest.mark.parametrize(
    ("noun", "determiner", "plural", "expected"),
    [
        ("Mann", "definite", False, ("der alte Mann", "den alten Mann", "dem alten Mann")),
        ("Mann", "indefinite", False, ("ein alter Mann", "einen alten Mann", "einem alten Mann")),
        ("Mann", "zwei", True, ("zwei alte Männer", "zwei alte Männer", "zwei alten Männern")),
        ("Mann", "definite", True, ("die alten Männer", "die alten Männer", "den alten Männern")),
        ("Frau", "definite", False, ("die alte Frau", "die alte Frau", "der alten Frau")),
        ("Frau", "indefinite", False, ("eine alte Frau", "eine alte Frau", "einer alten Frau")),
        ("Frau", "bare", True, ("alte Frauen", "alte Frauen", "alten Frauen")),
        ("Kind", "definite", False, ("das alte Kind", "das alte Kind", "dem alten Kind")),
        ("Kind", "indefinite", False, ("ein altes Kind", "ein altes Kind", "einem alten Kind")),
        ("Kind", "drei", True, ("drei alte Kinder", "drei alte Kinder", "drei alten Kindern")),
        ("Auto", "drei", True, ("drei alte Autos", "drei alte Autos", "drei alten Autos")),
        ("Junge", "indefinite", False, ("ein alter Junge", "einen alten Jungen", "einem alten Jungen")),
        ("Bauer", "definite", False, ("der alte Bauer", "den alten Bauern", "dem alten Bauern")),
        ("Hut", "sein", False, ("sein alter Hut", "seinen alten Hut", "seinem alten Hut")),
        ("Katze", "ihr", False, ("ihre alte Katze", "ihre alte Katze", "ihrer alten Katze")),
        ("Fahrrad", "ihr", False, ("ihr altes Fahrrad", "ihr altes Fahrrad", "ihrem alten Fahrrad")),
        ("Kaffee", "bare", False, ("alter Kaffee", "alten Kaffee", "altem Kaffee")),
        ("Milch", "bare", False, ("alte Milch", "alte Milch", "alter Milch")),
        ("Wasser", "bare", False, ("altes Wasser", "altes Wasser", "altem Wasser")),
    ],
)
def test_german_phrases(noun: str, determiner: str, plural: bool, expected: tuple[str, str, str]) -> None:
    """Nominative, accusative and dative after each kind of determiner."""
    made = tuple(german_phrase(BY_NAME[noun], case, (OLD,), determiner=determiner, plural=plural) for case in CASES)
    assert made == expected


def test_invariable_adjectives_take_no_ending() -> None:
    """Ein rosa Hut, mit einem rosa Hut."""
    pink = next(adjective for adjective in ADJECTIVES if adjective.german == "rosa")
    assert german_phrase(BY_NAME["Hut"], "dat", (pink,), determiner="indefinite") == "einem rosa Hut"


@pytest.mark.parametrize(
    ("noun", "determiner", "plural", "expected"),
    [
        ("Apfel", "indefinite", False, "an apple"),
        ("Regenschirm", "indefinite", False, "an umbrella"),
        ("Ball", "indefinite", False, "a ball"),
        ("Frau", "two", True, "two women"),
        ("Kaffee", "bare", False, "coffee"),
        ("Hut", "his", False, "his hat"),
        ("Kind", "definite", True, "the children"),
    ],
)
def test_english_phrases(noun: str, determiner: str, plural: bool, expected: str) -> None:
    """Articles by sound, plurals by word."""
    assert english_phrase(BY_NAME[noun], determiner=determiner, plural=plural) == expected


def test_the_english_article_goes_by_the_word_after_it() -> None:
    """An old ball, a red apple."""
    red = next(adjective for adjective in ADJECTIVES if adjective.german == "rot")
    assert english_phrase(BY_NAME["Ball"], (OLD,), determiner="indefinite") == "an old ball"
    assert english_phrase(BY_NAME["Apfel"], (red,), determiner="indefinite") == "a red apple"


@pytest.mark.parametrize(
    ("preposition", "phrase", "expected"),
    [
        ("in", "dem Park", "im Park"),
        ("in", "das Wasser", "ins Wasser"),
        ("in", "der Küche", "in der Küche"),
        ("zu", "der Schule", "zur Schule"),
        ("zu", "dem Bahnhof", "zum Bahnhof"),
        ("auf", "dem Berg", "auf dem Berg"),
        ("von", "dem Mann", "vom Mann"),
        ("von", "einem Mann", "von einem Mann"),
    ],
)
def test_contractions(preposition: str, phrase: str, expected: str) -> None:
    """Preposition and article grow together where German does that."""
    assert contracted(preposition, phrase) == expected


def test_relative_pronouns_agree() -> None:
    """Der Mann, der; die Frau, die; das Mädchen, das; die Kinder, die."""
    made = [
        relative_pronoun(BY_NAME[name], plural) for name, plural in (("Mann", False), ("Frau", False), ("Mädchen", False), ("Kind", True))
    ]
    assert made == ["der", "die", "das", "die"]


def test_separable_verbs_come_together_again() -> None:
    """Hebt … auf, aufhebt, aufzuheben, aufgehoben."""
    verb = next(action.verb for action in ACTIONS if action.verb.full_infinitive == "aufheben")
    assert (verb.finite(False), verb.finite_at_end(False), verb.finite_at_end(True)) == ("hebt", "aufhebt", "aufheben")
    assert (verb.infinitive_with_zu, verb.participle) == ("aufzuheben", "aufgehoben")


def test_dative_plurals_end_in_n_or_s() -> None:
    """Of every countable noun."""
    for noun in NOUNS:
        if not noun.mass:
            assert german_noun(noun, "dat", True)[-1] in "ns", noun


def test_german_nouns_and_only_they_have_capitals() -> None:
    """Nouns and the nouns of places; not adjectives and verbs."""
    assert all(noun.german[0].isupper() and noun.german_plural[0].isupper() for noun in NOUNS)
    assert all(place.noun[0].isupper() for place in (*PLACES, *DIRECTIONS))
    assert all(adjective.german.islower() for adjective in ADJECTIVES)


def test_every_action_finds_its_words() -> None:
    """There is somebody to do it, something to do it to, and a place or a direction."""
    people_tags = {tag for noun in NOUNS for tag in noun.tags}
    for action in ACTIONS:
        assert action.subjects <= people_tags, action
        assert action.objects <= people_tags, action
        assert any(place.tags & action.places for place in PLACES) or any(place.tags & action.directions for place in DIRECTIONS), action


@pytest.fixture(scope="module")
def captions() -> list[tuple[str, str]]:
    return list(pairs(4000, seed=11))


def test_captions_are_distinct(captions: list[tuple[str, str]]) -> None:
    """No German and no English sentence comes twice, and the same seed makes the same ones."""
    assert len({german for german, _ in captions}) == len({english for _, english in captions}) == 4000
    assert list(pairs(50, seed=11)) == captions[:50]


def test_captions_are_sentences(captions: list[tuple[str, str]]) -> None:
    """A capital letter, single spaces, a full stop, four to thirty words."""
    for line in (line for pair in captions for line in pair):
        assert re.fullmatch(r"[A-ZÄÖÜ][\wäöüß,é]*( [\wäöüß,é]+)+\.", line), line
        assert 3 <= len(line.split()) <= 30, line


def forms(noun: Noun, case: Case, plural: bool) -> str:
    return german_noun(noun, case, plural)


def test_articles_and_nouns_agree(captions: list[tuple[str, str]]) -> None:
    """Each form of "ein" is followed, after at most one adjective, by a noun of a gender and case that it fits."""
    allowed: dict[str, set[str]] = {article: set() for article in ("ein", "eine", "einen", "einem", "einer")}
    articles = {
        ("m", "nom"): "ein",
        ("m", "acc"): "einen",
        ("m", "dat"): "einem",
        ("f", "nom"): "eine",
        ("f", "acc"): "eine",
        ("f", "dat"): "einer",
        ("n", "nom"): "ein",
        ("n", "acc"): "ein",
        ("n", "dat"): "einem",
    }
    for noun, case in product(NOUNS, CASES):
        allowed[articles[noun.gender, case]].add(forms(noun, case, False))
    allowed["eine"].add("Gruppe")
    allowed["einer"].add("Gruppe")
    allowed["einem"].add("Tag")  # an einem sonnigen Tag
    checked = 0
    for german, _ in captions:
        for article, noun_form in re.findall(r"\b([Ee]in(?:e|en|em|er)?) (?:[a-zäöüß]+ )?([A-ZÄÖÜ]\w+)", german):
            assert noun_form in allowed[article.lower()], german
            checked += 1
    assert checked > 5000


def test_adjective_endings_agree(captions: list[tuple[str, str]]) -> None:
    """After "ein" an adjective ends in -er or -es, after "eine" in -e, after "einen", "einem", "einer" in -en."""
    endings = {"ein": ("er", "es"), "eine": ("e",), "einen": ("en",), "einem": ("en",), "einer": ("en",)}
    checked = 0
    for german, _ in captions:
        for article, adjective in re.findall(r"\b([Ee]in(?:e|en|em|er)?) ([a-zäöüß]+) [A-ZÄÖÜ]", german):
            if adjective != "rosa":
                assert adjective.endswith(endings[article.lower()]), german
                checked += 1
    assert checked > 2000


def test_verbs_stand_last_in_subordinate_clauses(captions: list[tuple[str, str]]) -> None:
    """A clause with "während" ends in a finite verb with its particle joined to it."""
    finite = {action.verb.finite_at_end(plural) for action in ACTIONS for plural in (False, True)}
    clauses = [clause for german, _ in captions for clause in re.findall(r"(?:^W|, w)ährend ([^,.]*)", german)]
    assert len(clauses) > 300
    for clause in clauses:
        assert clause.split()[-1] in finite, clause


def test_verb_and_subject_turn_around_after_a_fronted_part(captions: list[tuple[str, str]]) -> None:
    """After "Heute" comes the verb, then the subject; English keeps subject before verb."""
    finite = {action.verb.finite(plural) for action in ACTIONS for plural in (False, True)}
    fronted = [(german, english) for german, english in captions if german.startswith(("Heute ", "Jeden Tag "))]
    assert len(fronted) > 50
    for german, english in fronted:
        assert german.removeprefix("Heute ").removeprefix("Jeden Tag ").split()[0] in finite, german
        assert english.lower().startswith(("today ", "every day ")) or english.endswith((" today.", " every day.")), english


def test_subject_and_verb_agree_in_number(captions: list[tuple[str, str]]) -> None:
    """In English "two …" takes "are" and "a …" takes "is", before the verb's -ing form."""
    for _, english in captions:
        first = re.match(r"(A|An|The|Two|Three|Four|Five) ((?:\w+ ){1,2}?)(is|are) \w+ing\b", english)
        if first and first[1] != "The":
            assert (first[3] == "is") == (first[1] in ("A", "An")), english


def test_word_order_differs(captions: list[tuple[str, str]]) -> None:
    """In many pairs the place precedes the object in German and follows it in English: not word by word."""
    swapped = 0
    for german, english in captions:
        for place in PLACES:
            spot = f" {place.noun} ein"
            if spot in german and english.rstrip(".").endswith(place.english):
                swapped += 1
                break
    assert swapped > 0.15 * len(captions)


def test_every_shape_occurs() -> None:
    """Each kind of sentence is made by its own function with a sentence of its own as docstring."""
    names = [shape.__name__ for shape, weight in SHAPES if weight > 0 and shape.__doc__]
    assert len(names) == len(set(names)) == 13
