"""4.1: which of the three moments a free answer picks, by number or in words. Undecidable stays undecidable."""

from __future__ import annotations

import re

NUMBERS = {
    1: r"1|one|first|1st|eins|erste[ns]?",
    2: r"2|two|second|2nd|zwei|zweite[ns]?",
    3: r"3|three|third|3rd|drei|dritte[ns]?",
}
OPTION = r"(?:option|choice|answer|alternative|case|statement|method|strategy|number|nr\.?|no\.?|#|antwort|möglichkeit|auswahl|variante)"
EACH = r"(?:each|every|each and every|any|the|a|one|per|jede[mnsr]?|dem|einem)"
DETAIL = r"(?:[\w'-]+\s+){0,4}?"  # "processing", "individual", "single full", …
AFTER = (
    r"(?:after|before|between|for|at the (?:start|beginning|end) of|following|once|upon|when(?:ever)?|nach|vor|zwischen|für|per|with|on)"
)
NAME = r"(?:names?|namen|inputs?|examples?|samples?|words?)"
EPOCH = r"(?:epochs?|epochen?|all (?:of )?(?:the )?names|whole data ?set|entire data ?set|full pass)"

WORDS = {
    1: re.compile(
        r"(?:only\s+once|just\s+once|once,?\s+(?:only\s*)?(?:at|before|in)|einmal)\b|"
        r"(?:at|in|before)\s+(?:the\s+)?(?:very\s+)?(?:beginning|start|begin)\s+of\s+(?:the\s+)?training|"
        r"before\s+(?:the\s+)?training|vor dem training|"
        r"zu beginn des trainings",
        re.I,
    ),
    2: re.compile(
        rf"\b{AFTER}\s+{DETAIL}(?:{EACH})\s+(?!epoch|epoche){DETAIL}{NAME}\b(?!\s+(?:\w+\s+){{0,3}}once)|"
        rf"\bbetween\s+{DETAIL}names\b|\bper\s+(?:individual\s+|single\s+)?{NAME}\b|"
        rf"\b(?:each|every)\s+(?:time\s+)?(?:a\s+|we\s+\w+\s+a\s+)?(?:new\s+|individual\s+|single\s+)?name\b",
        re.I,
    ),
    3: re.compile(rf"\b{AFTER}\s+{DETAIL}(?:{EACH}\s+)?{DETAIL}{EPOCH}\b|\b(?:each|every|per)\s+epoch\b|\biterating\s+over\s+all\b", re.I),
}
NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|no|rather than|instead of|unlike|without|cannot|wrong|incorrect|except|versus|vs|compared "
    r"(?:to|with)|nicht|kein\w*|weder|"
    r"noch|statt)\b|n['’]t\b",
    re.I,
)
SUPPOSED = re.compile(
    r"^\W*(?:and\s+|but\s+|or\s+|while\s+)*(?:if|when we only|suppose|assuming|otherwise|wenn|falls|should "
    r"we)\b|\bwould\b|\bcould\b|\bwürde\b",
    re.I,
)
CLAUSE = re.compile(
    r"[;:!?\n]+|(?<!\b[123])\.(?=\s|$)|,|\s[-–—]+\s|\b(?:because|since|so that|but|however|whereas|while|weil|da|aber|sondern)\b", re.I
)
MARKUP = re.compile(r"<[^>]*>|[*_`~]|\\[()\[\]]|\$")


def explicit(clause: str) -> set[int]:
    """Options named by number in a clause: "option 2", "the second one", "we choose 2", "(2)"."""
    return {
        option
        for option, number in NUMBERS.items()
        if re.search(
            rf"\b(?:{OPTION}|choose|chose|pick|select|go with|going with|wähle)\s*(?:number\s+)?[\(\[#]?(?:{number})\b", clause, re.I
        )
        or re.search(rf"#\s?{option}\b|\(\s*{option}\s*\)", clause)
        or re.search(rf"\b(?:{number})\s+(?:option|choice|answer|alternative|one|case|statement|antwort|möglichkeit)\b", clause, re.I)
        or re.match(rf"^\W*(?:the\s+)?(?:{number})\W*$", clause, re.I)
    }


def leading(clause: str) -> set[int]:
    """An option's number at the beginning of a clause: "2: after …"; also what a copied list of the options looks like."""
    return {option for option in NUMBERS if re.match(rf"^\W*{option}\s*[.):]", clause)}


def in_words(clause: str) -> set[int]:
    """Options described in a clause."""
    return {option for option, pattern in WORDS.items() if pattern.search(clause)}


def pick(answer: str) -> int | None:
    """The option an answer picks; None when it picks none or more than one.

    An option named by number counts before one in words, an early clause before a later one. What is negated, or only supposed, is no pick.
    """
    text = re.sub(r"\s+", " ", MARKUP.sub(" ", answer.replace("\n\n", ". "))).strip()
    named: list[set[int]] = []
    led: list[set[int]] = []
    described: list[set[int]] = []
    for clause in (part for part in CLAUSE.split(text) if part.strip()):
        if SUPPOSED.search(clause):
            continue
        negation = NEGATION.search(clause)
        before = clause[: negation.start()] if negation else clause
        named.append(explicit(before))
        led.append(leading(before))
        described.append(in_words(before))
    if set().union(*named):
        return _only(set().union(*named))
    every = set().union(*described)
    if every == set(NUMBERS):
        return None  # the options were copied
    return _only(set().union(*led)) or _only(every) or _only(next((options for options in described if options), set()))


def _only(options: set[int]) -> int | None:
    return next(iter(options)) if len(options) == 1 else None
