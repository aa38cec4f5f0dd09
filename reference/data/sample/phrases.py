"""Chooses who and what a caption is about, as phrases that both languages can inflect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from reference.data.sample.grammar import NUMBERS, Adjective, Case, Noun, english_phrase, german_phrase, relative_pronoun
from reference.data.sample.lexicon import ADJECTIVES, ANIMALS, PEOPLE, THINGS, Action

Choice = TypeVar("Choice")
NOUNS = (*PEOPLE, *ANIMALS, *THINGS)


@dataclass(frozen=True, slots=True)
class Part:
    """One noun with what stands before it. The determiners are those of `german_phrase` and `english_phrase`."""

    noun: Noun
    adjectives: tuple[Adjective, ...]
    german_determiner: str
    english_determiner: str
    plural: bool = False

    def german(self, case: Case) -> str:
        return german_phrase(self.noun, case, self.adjectives, determiner=self.german_determiner, plural=self.plural)

    @property
    def english(self) -> str:
        return english_phrase(self.noun, self.adjectives, determiner=self.english_determiner, plural=self.plural)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One part, two joined by "und", or a group of the part's nouns: "eine Gruppe von Kindern", which is singular."""

    parts: tuple[Part, ...]
    group: bool = False

    def german(self, case: Case) -> str:
        if self.group:
            article = {"nom": "eine", "acc": "eine", "dat": "einer"}[case]
            return f"{article} Gruppe von {self.parts[0].german('dat')}"
        return " und ".join(part.german(case) for part in self.parts)

    @property
    def english(self) -> str:
        joined = " and ".join(part.english for part in self.parts)
        return f"a group of {joined}" if self.group else joined

    @property
    def plural(self) -> bool:
        return not self.group and (len(self.parts) > 1 or self.parts[0].plural)

    @property
    def known(self) -> bool:
        """Whether it is about something known, which German names early in the clause."""
        return self.parts[0].german_determiner in ("definite", "sein", "ihr")

    @property
    def tags(self) -> frozenset[str]:
        return frozenset.intersection(*(part.noun.tags for part in self.parts))

    @property
    def is_person(self) -> bool:
        return "person" in self.tags

    @property
    def relative(self) -> str:
        """The relative pronoun, in the nominative."""
        return "die" if self.group else relative_pronoun(self.parts[0].noun, self.plural)

    @property
    def possessives(self) -> tuple[str, str] | None:
        """The stems of the German and the English possessive, None where English has no good one."""
        if self.plural:
            return "ihr", "their"
        if self.group or "it" in self.tags:
            return None
        return ("sein", "his") if "he" in self.tags else ("ihr", "her")


class Speaker:
    """Makes all choices from one stream of random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return self._random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def adjectives(self, noun: Noun, probability: float) -> tuple[Adjective, ...]:
        fitting = [adjective for adjective in ADJECTIVES if adjective.tags & noun.tags]
        return (self.pick(fitting),) if fitting and self.chance(probability) else ()

    def subject(self, action: Action) -> Phrase:
        """One, several, two joined, or a group of those who can do it; people more often than animals."""
        people = [noun for noun in PEOPLE if noun.tags & action.subjects]
        animals = [noun for noun in ANIMALS if noun.tags & action.subjects]
        nouns = animals if animals and (not people or self.chance(0.3)) else people
        kind = self._random.choices(("one", "the", "several", "two", "group"), (60, 8, 18, 7, 7))[0]
        noun = self.pick(nouns)
        if kind == "two" and len(nouns) > 1:
            other = self.pick([choice for choice in nouns if choice is not noun])
            return Phrase((self._part(noun), self._part(other)))
        if kind == "several":
            german, english = NUMBERS[self._random.choices((2, 3, 4, 5), (5, 3, 1, 1))[0]]
            return Phrase((Part(noun, self.adjectives(noun, 0.4), german, english, plural=True),))
        if kind == "group":
            return Phrase((Part(noun, self.adjectives(noun, 0.3), "bare", "bare", plural=True),), group=True)
        return Phrase((self._part(noun, determiner="definite" if kind == "the" else "indefinite", probability=0.45),))

    def thing(self, action: Action, subject: Phrase) -> Phrase | None:
        """What it is done to: of the subject's own where that makes sense, sometimes several."""
        if not action.objects:
            return None
        subjects = [part.noun for part in subject.parts]
        noun = self.pick([noun for noun in NOUNS if noun.tags & action.objects and noun not in subjects])
        if noun.mass:
            return Phrase((Part(noun, self.adjectives(noun, 0.3), "bare", "bare"),))
        possessives = subject.possessives
        if action.own and possessives and "person" not in noun.tags and self.chance(0.4):
            return Phrase((Part(noun, self.adjectives(noun, 0.3), *possessives),))
        if "small" in noun.tags and "clothes" not in noun.tags and self.chance(0.12):
            german, english = NUMBERS[self.pick((2, 3))]
            return Phrase((Part(noun, self.adjectives(noun, 0.3), german, english, plural=True),))
        return Phrase((self._part(noun, determiner="definite" if self.chance(0.1) else "indefinite", probability=0.4),))

    def clothes(self, wearer: Phrase) -> Phrase:
        """What somebody has on; several people wear several: "mit roten Hüten"."""
        noun = self.pick([noun for noun in THINGS if "clothes" in noun.tags])
        if wearer.plural or wearer.group:
            return Phrase((Part(noun, self.adjectives(noun, 1.0), "bare", "bare", plural=True),))
        return Phrase((self._part(noun, probability=0.8),))

    def _part(self, noun: Noun, *, determiner: str = "indefinite", probability: float = 0.25) -> Part:
        return Part(noun, self.adjectives(noun, probability), determiner, determiner)
