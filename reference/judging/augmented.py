"""1.3: which augmented images are drawn, which reconstructions of them, and how many pairs of both there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks import Evidence
from autograder.model.observations import Observations
from reference.judging.affine import chains, wrong_in
from reference.judging.passes import Pass
from reference.judging.pictures import Piece, among, drawn_images, examples, observed_and_shown, pieces, shown_as, stack
from reference.judging.three import alone, are_three, distorted_versions_of, the_three, versions_of

QUESTION = "1.3"
SAME_DRAW = 1e-6  # grey values of two draws of a transform that were made with the same random numbers


@dataclass(frozen=True, slots=True, eq=False)
class Augmented:
    """What 1.3 drew. `draws` are the augmented images (N, 784), each once; `sources` say for each pass which of them went in.

    `as_draw` and `as_result` say for each picture which draws it may show, and which draws' reconstructions.
    """

    draws: np.ndarray
    through: tuple[Pass, ...]
    sources: tuple[frozenset[int], ...]
    seen: tuple[Piece, ...]
    as_draw: tuple[frozenset[int], ...]
    as_result: tuple[frozenset[int], ...]
    unknown: int
    of_another: bool

    @property
    def augmented(self) -> int:
        """How many different augmented images are drawn."""
        return most_pairs(self.as_draw, [frozenset(range(len(self.draws)))] * len(self.draws))

    @property
    def reconstructed(self) -> int:
        """Of how many different augmented images a reconstruction is drawn."""
        return most_pairs(self.as_result, [frozenset(range(len(self.draws)))] * len(self.draws))

    @property
    def pairs(self) -> int:
        """How many augmented images are drawn, each with its own reconstruction."""
        return most_pairs(self.as_draw, self.as_result)

    def pictures(self, most: int) -> dict[str, np.ndarray]:
        """The first pictures of either kind, (784) each, by caption."""
        found: dict[str, np.ndarray] = {}
        for kind, shows in (("augmented", self.as_draw), ("reconstructed", self.as_result)):
            chosen = [piece.values for piece, those in zip(self.seen, shows, strict=True) if those][:most]
            found.update({f"{kind} {number}": values for number, values in enumerate(chosen, 1)})
        return found


def what_is_shown(evidence: Evidence, through: tuple[Pass, ...], three_through: tuple[Pass, ...], *, distorted: bool = False) -> Augmented:
    """Sort what 1.3 drew into augmented images and reconstructions of augmented images; `distorted` where the student's mask is wrong."""
    observed = observed_and_shown(evidence, QUESTION)
    through = tuple(one for one in through if one.given is not None)
    returned = stack(one.returned for one in through)
    three = the_three(evidence, three_through)
    given, made = transformed(observed, returned)
    which = are_three(given, three, evidence.data_folder)
    for index, one in enumerate(given):  # what several transforms in a row make of it is one of its versions too
        which[index] = which[index] or any(np.array_equal(one, made[before]) for before in range(index) if which[before])
    draws = stack(one for one, right in zip(made, which, strict=True) if right)
    if not made:
        draws = by_hand(observed, through, three)
    if all(not wrong_in(chain) for chain in chains(evidence)):
        draws = stack(different(list(draws)))  # the same seed each time; too narrow a range, which is counted elsewhere, does the same
    version = distorted_versions_of if distorted else versions_of
    sources = tuple(version(one.given, draws) if one.given is not None else frozenset() for one in through)
    inputs = [one.given for one in through if one.given is not None]
    known = np.concatenate([draws, returned, stack(inputs), three])
    # What is drawn may be the network's input, a draw after a change of its type, or masked.
    alias = [frozenset({index}) for index in range(len(draws))]
    alias += [frozenset()] * len(returned)
    alias += [among(one, draws) or source for one, source in zip(inputs, sources, strict=True)]
    first_result, first_other = len(draws), len(draws) + len(returned)
    seen = tuple(piece for picture in drawn_images(observed) for piece in pieces(picture, known))
    as_draw, as_result, unknown = [], [], 0
    for piece in seen:
        results = [sources[index - first_result] for index in piece.shows if first_result <= index < first_other]
        as_draw.append(frozenset().union(*(alias[index] for index in piece.shows if index < len(alias))))
        as_result.append(frozenset().union(*results))
        unknown += not piece.shows and not versions_of(piece.values, known)
    unknown += sum(picture.may_hold_digits and not pieces(picture, known) for picture in drawn_images(observed))
    of_another = bool(made) and not any(which)
    return Augmented(draws, through, sources, seen, tuple(as_draw), tuple(as_result), unknown, of_another)


def transformed(observed: Observations, returned: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """What the transforms were given and what they made of it, (784) each, but for what had come out of a network."""
    given: list[np.ndarray] = []
    made: list[np.ndarray] = []
    for call in observed.transform_calls:
        before, after = (examples(observed.arrays.get(name)) for name in (call.input, call.output))
        new = [(one, other) for one, other in zip(before, after, strict=False) if not shown_as(one, returned)]
        once = different([other for _, other in new])  # one draw of the random numbers serves a whole batch
        given += [next(one for one, made_of in new if made_of is other) for other in once]
        made += once
    return given, made


def by_hand(observed: Observations, through: Sequence[Pass], three: np.ndarray) -> np.ndarray:
    """The augmented images where no transform was seen: what the network was given, as it was drawn before it was masked."""
    given = stack(one.given for one in through if one.given is not None)
    drawn = [digit for picture in drawn_images(observed) for digit in alone(picture)]
    whole = [digit for digit in drawn if versions_of(digit, given) or any(versions_of(one, digit.reshape(1, -1)) for one in given)]
    result = stack(one.returned for one in through)
    whole = [digit for digit in whole if not shown_as(digit, result) and not shown_as(digit, three)]
    rest = [one for one in given if not versions_of(one, stack(whole)) and not shown_as(one, three)]
    return stack([*whole, *rest])


def different(draws: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The draws, those that are the same only once."""
    kept: list[np.ndarray] = []
    for one in draws:
        if not any(np.allclose(one, other, atol=SAME_DRAW) for other in kept):
            kept.append(one)
    return kept


def reconstructs_first(evidence: Evidence, through: Sequence[Pass]) -> bool:
    """Whether the transform was given what the network had returned."""
    observed = evidence.observed(QUESTION)
    returned = stack(one.returned for one in through)
    given = stack(examples(observed.arrays.get(call.input)) for call in observed.transform_calls)
    inputs = stack(one.given for one in through if one.given is not None)
    return any(shown_as(row, returned) and not versions_of(row, inputs) for row in given)


def most_pairs(one: Sequence[frozenset[int]], other: Sequence[frozenset[int]]) -> int:
    """The most draws that can each be given a picture of `one` and a picture of `other`, no picture twice.

    Several pictures may show the same draw, and one picture may be taken for several draws that look alike. Found by augmenting paths
    (Ford and Fulkerson) from pictures of `one` through draws, each of which is passed once, to pictures of `other`.
    """
    edges: dict[tuple[str, int], set[tuple[str, int]]] = {("start", 0): {("one", index) for index in range(len(one))}}
    for index, draws in enumerate(one):
        edges[("one", index)] = {("in", draw) for draw in draws}
    for draw in set().union(*one):
        edges[("in", draw)] = {("out", draw)}
        edges[("out", draw)] = {("other", index) for index, draws in enumerate(other) if draw in draws}
    for index in range(len(other)):
        edges[("other", index)] = {("end", 0)}
    pairs = 0
    while _augment(edges, ("start", 0), set()):
        pairs += 1
    return pairs


def _augment(edges: dict[tuple[str, int], set[tuple[str, int]]], node: tuple[str, int], visited: set[tuple[str, int]]) -> bool:
    """Find a path to the end and turn its edges round."""
    if node == ("end", 0):
        return True
    visited.add(node)
    for following in sorted(edges.get(node, ())):
        if following not in visited and _augment(edges, following, visited):
            edges[node].discard(following)
            edges.setdefault(following, set()).add(node)
            return True
    return False
