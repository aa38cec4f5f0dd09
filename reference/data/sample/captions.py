"""German–English captions from a grammar: what is said is chosen once, and each language says it in its own order.

German puts its verb second in a main clause and last in a subordinate one, splits separable verbs ("hebt … auf", but "aufgehoben",
"aufzuheben"), puts the place before an indefinite object, and turns verb and subject around when something else comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from reference.data.sample.grammar import DEFINITE, contracted, ending, sentence
from reference.data.sample.lexicon import ACTIONS, DIRECTIONS, MODALS, PLACES, TIMES, WEATHER, Action, Place
from reference.data.sample.phrases import Phrase, Speaker

Pair = tuple[str, str]  # German, English


def pairs(count: int, seed: int) -> Iterator[Pair]:
    """`count` pairs, no German and no English sentence twice."""
    random = Random(seed)
    speaker = Speaker(random)
    seen: set[str] = set()
    shapes, weights = zip(*SHAPES, strict=True)
    while count > 0:
        (shape,) = random.choices(shapes, weights)
        german, english = (sentence(text) for text in shape(speaker))
        if german not in seen and english not in seen:
            seen |= {german, english}
            count -= 1
            yield german, english


@dataclass(frozen=True, slots=True)
class Event:
    """Who does what, to what, where; any of the last two may be missing. Its methods say it in the orders that clauses need."""

    subject: Phrase
    action: Action
    thing: Phrase | None
    place: Place | None

    @property
    def german_middle(self) -> list[str]:
        """What stands between the finite verb and the end of the clause."""
        place = [] if self.place is None else [_german_place(self.place)]
        thing = [] if self.thing is None else [self.thing.german("acc")]
        return thing + place if self.thing is not None and self.thing.known else place + thing

    @property
    def english_rest(self) -> list[str]:
        """What follows the English verb."""
        return ([] if self.thing is None else [self.thing.english]) + ([] if self.place is None else [self.place.english])

    def german_main(self, *front: str) -> str:
        """Verb second: after the subject, or after what is put in `front` of it."""
        verb = self.action.verb
        finite = verb.finite(self.subject.plural)
        start = [*front, finite, self.subject.german("nom")] if front else [self.subject.german("nom"), finite]
        return _join(*start, *self.german_middle, verb.particle)

    def german_subordinate(self, conjunction: str) -> str:
        """Verb last, its particle joined to it."""
        return _join(conjunction, self.subject.german("nom"), *self.german_middle, self.action.verb.finite_at_end(self.subject.plural))

    def english_clause(self) -> str:
        return _join(self.subject.english, _be(self.subject), self.action.verb.english_ing, *self.english_rest)

    def english_simple(self) -> str:
        verb = self.action.verb
        return _join(self.subject.english, verb.english if self.subject.plural else verb.english_singular, *self.english_rest)


def _event(speaker: Speaker, *, with_place: bool | None = None, actions: Callable[[Action], bool] = lambda action: True) -> Event:
    action = speaker.pick([action for action in ACTIONS if actions(action)])
    subject = speaker.subject(action)
    thing = speaker.thing(action, subject)
    if action.directions:
        place: Place | None = speaker.pick([place for place in DIRECTIONS if place.tags & action.directions])
    else:
        says_place = speaker.chance(0.6) if with_place is None else with_place
        place = speaker.pick([place for place in PLACES if place.tags & action.places]) if says_place else None
    return Event(subject, action, thing, place)


def plain(speaker: Speaker) -> Pair:
    """Ein Mann liest im Park ein Buch."""
    event = _event(speaker)
    return event.german_main(), event.english_clause()


def at_a_time(speaker: Speaker) -> Pair:
    """Heute liest ein Mann ein Buch: the verb stays second."""
    german_time, english_time = speaker.pick(TIMES)
    event = _event(speaker)
    english = event.english_simple() if english_time == "every day" else event.english_clause()
    return event.german_main(german_time), f"{english_time} {english}" if speaker.chance(0.5) else f"{english} {english_time}"


def place_first(speaker: Speaker) -> Pair:
    """Im Park liest ein Mann ein Buch; English keeps the place last."""
    event = _event(speaker, with_place=True, actions=lambda action: bool(action.places))
    placeless = Event(event.subject, event.action, event.thing, None)
    assert event.place is not None
    return placeless.german_main(_german_place(event.place)), event.english_clause()


def meanwhile(speaker: Speaker) -> Pair:
    """Ein Mann liest ein Buch, während eine Frau einen Apfel isst."""
    first, second = _event(speaker), _event(speaker, with_place=False)
    german = f"{first.german_main()}, {second.german_subordinate('während')}"
    return german, f"{first.english_clause()} while {second.english_clause()}"


def meanwhile_first(speaker: Speaker) -> Pair:
    """Während eine Frau einen Apfel isst, liest ein Mann ein Buch."""
    first, second = _event(speaker, with_place=False), _event(speaker)
    german = second.german_main(f"{first.german_subordinate('während')},")
    return german, f"while {first.english_clause()}, {second.english_clause()}"


def whatever_the_weather(speaker: Speaker) -> Pair:
    """Weil es regnet, liest ein Mann ein Buch. Or the other way round."""
    german_weather, english_weather = speaker.pick(WEATHER)
    event = _event(speaker)
    if speaker.chance(0.5):
        return event.german_main(f"{german_weather},"), f"{english_weather}, {event.english_clause()}"
    return f"{event.german_main()}, {german_weather}", f"{event.english_clause()} {english_weather}"


def wearing(speaker: Speaker) -> Pair:
    """Ein Mann, der einen roten Hut trägt, liest ein Buch."""
    event = _event(speaker, actions=lambda action: "person" in action.subjects and "clothes" not in action.objects)
    subject = event.subject
    if not subject.is_person or subject.group:
        return plain(speaker)
    clothes = speaker.clothes(subject)
    verb = "tragen" if subject.plural else "trägt"
    german = event.german_main()
    head = subject.german("nom")
    german = f"{head}, {subject.relative} {clothes.german('acc')} {verb},{german.removeprefix(head)}"
    return german, event.english_clause().replace(subject.english, f"{subject.english} who {_be(subject)} wearing {clothes.english}", 1)


def dressed(speaker: Speaker) -> Pair:
    """Ein Mann mit einem roten Hut liest ein Buch."""
    event = _event(speaker, actions=lambda action: "person" in action.subjects and "clothes" not in action.objects)
    if not event.subject.is_person:
        return plain(speaker)
    clothes = speaker.clothes(event.subject)
    head = event.subject.german("nom")
    german = f"{head} mit {clothes.german('dat')}{event.german_main().removeprefix(head)}"
    return german, event.english_clause().replace(event.subject.english, f"{event.subject.english} with {clothes.english}", 1)


def modal(speaker: Speaker) -> Pair:
    """Ein Kind möchte im Park einen Stock aufheben."""
    event = _event(speaker)
    german_one, german_many, english_one, english_many = speaker.pick(MODALS)
    verb, plural = event.action.verb, event.subject.plural
    german = _join(event.subject.german("nom"), german_many if plural else german_one, *event.german_middle, verb.full_infinitive)
    return german, _join(event.subject.english, english_many if plural else english_one, verb.english, *event.english_rest)


def trying(speaker: Speaker) -> Pair:
    """Ein Kind versucht, einen Stock aufzuheben."""
    event = _event(speaker, actions=lambda action: bool(action.objects))
    tries = "versuchen" if event.subject.plural else "versucht"
    german = f"{event.subject.german('nom')} {tries}, {_join(*event.german_middle, event.action.verb.infinitive_with_zu)}"
    return german, _join(event.subject.english, _be(event.subject), "trying to", event.action.verb.english, *event.english_rest)


def in_order_to(speaker: Speaker) -> Pair:
    """Ein Mann geht in den Park, um ein Buch zu lesen."""
    going = _event(speaker, actions=lambda action: bool(action.directions) and "person" in action.subjects)
    aims = [action for action in ACTIONS if action.objects and going.subject.is_person and action.subjects & going.subject.tags]
    if not aims:
        return plain(speaker)
    aim = speaker.pick(aims)
    event = Event(going.subject, aim, speaker.thing(aim, going.subject), None)
    german = f"{going.german_main()}, um {_join(*event.german_middle, aim.verb.infinitive_with_zu)}"
    return german, _join(going.english_clause(), "to", aim.verb.english, *event.english_rest)


def just_done(speaker: Speaker) -> Pair:
    """Ein Kind hat gerade einen Stock aufgehoben; verbs of motion take "sein"."""
    event = _event(speaker)
    plural, verb = event.subject.plural, event.action.verb
    one, many = ("ist", "sind") if event.action.directions else ("hat", "haben")
    german = _join(event.subject.german("nom"), many if plural else one, "gerade", *event.german_middle, verb.participle)
    return german, _join(event.subject.english, "have" if plural else "has", "just", verb.english_participle, *event.english_rest)


def passive(speaker: Speaker) -> Pair:
    """Im Garten wird ein Hund von einer Frau gewaschen."""
    event = _event(speaker, with_place=True, actions=lambda action: bool(action.objects))
    thing, place = event.thing, event.place
    if thing is None or place is None or thing.known:
        return plain(speaker)
    becomes = "werden" if thing.plural else "wird"
    by = contracted("von", event.subject.german("dat"))
    german = _join(_german_place(place), becomes, thing.german("nom"), by, event.action.verb.participle)
    english = _join(thing.english, _be(thing), "being", event.action.verb.english_participle, "by", event.subject.english, place.english)
    return german, english


SHAPES: tuple[tuple[Callable[[Speaker], Pair], int], ...] = (
    (plain, 24),
    (at_a_time, 12),
    (place_first, 10),
    (meanwhile, 8),
    (meanwhile_first, 4),
    (whatever_the_weather, 6),
    (wearing, 7),
    (dressed, 8),
    (modal, 6),
    (trying, 5),
    (in_order_to, 5),
    (just_done, 6),
    (passive, 6),
)


def _german_place(place: Place) -> str:
    return contracted(place.preposition, f"{ending(DEFINITE, place.case, place.gender)} {place.noun}")


def _be(subject: Phrase) -> str:
    return "are" if subject.plural else "is"


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)
