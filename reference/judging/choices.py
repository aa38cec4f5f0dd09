"""4.1: which of the three moments a free answer picks, by number or in words. Undecidable stays undecidable."""

from __future__ import annotations

import re
from dataclasses import dataclass

ELSE = 0
SHORT = 60  # characters: an answer of a word in another language and a number
TEXT_LIMIT = 10_000  # characters; the reasons of real answers are far shorter
NUMBERS = {
    1: r"1|one|first|1st|eins|erste[ns]?|premi(?:er|ère)|primer[ao]?|一",
    2: r"2|two|second|2nd|middle|zwei|zweite[ns]?|mittlere[ns]?|deuxième|segund[ao]|seconda|二",
    3: r"3|three|third|3rd|last(?=\s+(?:option|choice|one|answer)\b)|drei|dritte[ns]?|troisième|tercer[ao]?|terza|三",
}
LETTERS = {1: r"I|A|a|i", 2: r"II|B|b|ii", 3: r"III|C|c|iii"}
OPTION = (
    r"(?:option|choice|answer|alternative|case|statement|method|strategy|number|nr\.?|no\.?|#|antwort|möglichkeit"
    r"|auswahl|variante|opción|opção|opzione|вариант|选项|選択肢|선택지|答案)"
)
CHOOSE = r"(?:choose|chose|pick|select|go with|going with|go for|going for|wähle|nehme|选择?)"
EACH = r"(?:each|every|each and every|any|the|a|one|per|jede[mnsr]?|dem|einem|cada|chaque|ogni|elke?|varje|każdym|каждого)"
SEVERAL_NAMES = r"(?:all|both|last)\s+(?:of\s+)?(?:the\s+|these\s+)?names?\b"
DETAIL = rf"(?:(?!first\b|last\b|batch|(?:the\s+)?{SEVERAL_NAMES})[\w'-]+\s+){{0,4}}?"  # "processing", "individual", "single full", …
ADVERB = r"(?:probably|definitely|clearly|obviously|certainly|surely)"
OPENING = rf"^\W*(?:(?:i|we|it|s|d|would|think|believe|say|guess|that|so|thus|hence|therefore|{ADVERB})\W+)*"
NOT_NAMES = r"(?:(?!names?\b|in\b|within\b|during\b|once\b)[\w'-]+\s+){0,4}?"
AFTER = (
    r"(?:after|as soon as|right when|every time|each time|before|between|for|at the (?:start|beginning|end) of"
    r"|following|once|upon|when(?:ever)?|nach|vor|zwischen|für|per|with|on"
    r"|después de|tras|antes de|après|avant|dopo|depois de|após|na|efter|po|после)"
)
NAME = (
    r"(?:names?|namens?|inputs?|examples?|samples?|words?|sequences?|data ?points?|instances?|nombre|nom|nome|naam|namn|imieniu|имени"
    r"|个?名字)"
)
EPOCH = r"(?:epochs?|epochen?|época|époque|epoca|эпохи|all (?:of )?(?:the )?names|whole data ?set|entire data ?set|full pass)"

WORDS = {
    1: re.compile(
        r"^\W*once\W*$|\bonce\s+is\s+(?:enough|sufficient)\b|\b(?:one|a\s+single)\s+time\s+(?:at|before|in)\b|(?:only\s+once|just\s+once|once,?\s+(?:only\s*)?(?:at|before|in)|einmal)\b|"
        r"(?:at|in|before)\s+(?:the\s+)?(?:very\s+)?(?:beginning|start|begin)\s+of\s+(?:the\s+)?training|"
        r"before\s+(?:the\s+)?training|\bbefore\s+(?:reading\s+|processing\s+)?the\s+(?:very\s+)?first\s+name\b"
        r"|\b(?:only|just)\s+(?:at|in|from)\s+the\s+(?:very\s+)?(?:beginning|start)\b(?!\s+of\s+(?!(?:the\s+)?training))"
        r"|einmal\s+am\s+anfang|vor dem training|zu beginn des trainings|"
        r"训练(?:开始)?之?前|训练开始时|只.{0,6}一次",
        re.I,
    ),
    2: re.compile(
        rf"\b{AFTER}\s+{DETAIL}(?:{EACH})\s+(?!epoch|epoche){DETAIL}{NAME}\b(?!\s+(?:\w+\s+){{0,3}}once)|"
        rf"\bafter\s+(?!all|both|these|those)(?:(?!last\b|batch)[\w'-]+\s+){{0,3}}?name\b(?!\s+(?:\w+\s+){{0,3}}once)|"
        r"\b(?:when(?:ever)?|(?:each|every)\s+time|as soon as|once|wenn|sobald)\s+(?:(?!first\b|last\b|all\b)[\w'-]+\s+){0,7}?"
        rf"(?:a|an|the|one|each|every|next|new|ein|der|nächste|neuer)\s+(?:(?:new|next|other|another|single|neuer)\s+)?name\b|\bname\s+by\s+name\b|"
        rf"\bbetween\s+{DETAIL}(?:names|inputs|sequences|samples|examples)\b|\bzwischen\s+{DETAIL}namen\b|\bper[\s-]+(?:individual\s+|single\s+)?{NAME}\b|\bname-?wise\b|"
        rf"\b{AFTER}\s+(?:each|every)\s+(?:one|single\s+one|of\s+(?:them|these))\b|"
        rf"\b(?:each|every)\s+(?:time\s+)?(?:a\s+|we\s+\w+\s+a\s+)?(?:new\s+|individual\s+|single\s+)?{NAME}\b|"
        r"每(?:处理|读|训练|输入)?[完过]?一?(?:个|次)?(?:新的?|单独的?)?(?:名字|姓名|单词|样本|输入)|名前ごと|各名前|(?:각|매)\s*이름|이름마다",
        re.I,
    ),
    3: re.compile(
        rf"\b{AFTER}\s+{NOT_NAMES}(?:{EACH}\s+)?{NOT_NAMES}{EPOCH}\b|(?<!in )(?<!within )(?<!of )\b(?:each|every|per)\s+epoch\b|"
        r"\biterating\s+over\s+all\b|"
        r"每(?:一)?(?:个|次)?(?:epoch|轮|周期)",
        re.I,
    ),
}
# The end of a name or of an epoch.
EVERY_NAME_SEEN = re.compile(r"\b(?:when|once|as soon as)\s+every\s+(?:single\s+)?name\s+(?:has|had|was|is)\b", re.I)
# Moments that are none of the three, and moments that may be one of them: a step of training sees one name.
ELSEWHERE = re.compile(
    rf"^\W*(?:(?:it|we|the\s+(?:hidden\s+)?state)\s+(?:should|must|needs?\s+to|would)\s+)?(?:never|not\s+at\s+all|niemals?|nie)\b|"
    rf"\bshould\s*(?:n['’]t|not|never)\s+be\s+(?:\w+\s+)?(?:re-?set|set\s+back|re-?initiali[sz]ed)(?:\s+(?:at\s+all|ever|during\s+training))?\W*$|"
    rf"\b{AFTER}\s+{DETAIL}(?:{EACH})?\s*{DETAIL}(?:letters?|characters?|char|time\s*steps?|tokens?|(?:mini-?)?batch(?:es)?|languages?|classe?s?"
    rf"|layers?|buchstaben?|zeichen|letra|caractère|lettre)\b|"
    rf"\b(?:once\s+per|per|every|each|jede[mnsr]?)\s+(?:letter|character|time\s*step|token|(?:mini-?)?batch|language|buchstaben?|zeichen)\b|"
    rf"\b(?:at|after)\s+(?:the\s+)?(?:very\s+)?end\s+of\s+(?:the\s+)?training\b|\bafter\s+(?:the\s+)?(?:whole\s+|entire\s+)?training\b(?!\s+(?:on|with|step|example|sample))|"
    rf"\b(?:after|every)\s+(?:every\s+)?(?:two|three|few|several|some|\d+)\s+names\b|每(?:一)?个?(?:字母|字符|批次)",
    re.I,
)
ONE_NAME = re.compile(rf"\b(?:one|a|each|single|per|every)\s+(?:single\s+)?{NAME}\b", re.I)
NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|no(?!\.)|rather than|instead of|unlike|without|cannot|wrong|incorrect|except|"
    r"versus|vs|over (?=option|choice|\d)|compared "
    r"(?:to|with)|nicht|kein\w*|weder|"
    r"noch|statt)\b|n['’]t\b|不(?:是|应|能)|而不是",
    re.I,
)
# What is said of an option that is not picked, when another one is.
REJECTED = re.compile(
    r"\b(?:leaks?|leaking|problems?|second[- ]best|(?:may|might)\s+(?:seem|look|appear|sound)|bad|worse|wrong|"
    r"too (?:late|early|seldom|rare|often|much|long|few)|insufficient|mix(?:es)?|forgets?|"
    r"los(?:es?|ing)|fails?|confus\w+|drawbacks?|disadvantages?|(?:is|are|does|do|would|will|can|could)\s*(?:n['’]t|not))\b",
    re.I,
)
SUPPOSED = re.compile(
    r"^\W*(?:and\s+|but\s+|or\s+|while\s+)*(?:if|when we only|suppose|assuming|otherwise|wenn|falls|should we|如果)\b|"
    r"\bwould\b|\bcould\b|\bwürden?\b",
    re.I,
)
# Words with which one commits oneself.
COMMITTED = re.compile(
    rf"\b(?:best|should|must|needs? to|ought|correct|right|{CHOOSE}|my answer|the answer|most sense|makes? sense|sensible|"
    r"so|thus|therefore|hence|"
    r"sollte|muss|müssen|daher|deshalb|debería|devrait|better|prefer\w*|appropriate)\b|应该|所以|因此",
    re.I,
)
FILLING = re.compile(
    rf"\b(?:the|a|i|we|it|you|would|will|d|choose|pick|select|go|with|for|is|be|my|one|think|say|believe|that|{OPTION}|processing|each|every|"
    r"individual|single|name|names|input|{ADVERB}|only|also|und|die|wir|ich)\b|['’&]",
    re.I,
)
SENTENCE = re.compile(r"(?<!\bi\.e)(?<!\be\.g)[.!?](?=\s|$)|\n+|[。！？]", re.I)
CLAUSE = re.compile(
    r"[;:]+|,(?!\s*(?:i\.e\.|that is|which means))|\s[-–—]+\s|[，；：]|\b(?:because|since|so that|but|however|whereas|while|weil|da|aber"
    r"|sondern)\b|因为",
    re.I,
)
MARKUP = re.compile(r"<[^>]*>|^[ \t]*(?:#{1,6}|>)[ \t]+|[*_`~]|\\[()\[\]]|\$", re.M)
_MARK = r"[(*_>\-•\s]{0,6}"
LISTED = re.compile(
    rf"(?:^|(?<=\s)){_MARK}1\s*[.):]\s(?P<one>.{{3,400}}?)\s{_MARK}2\s*[.):]\s(?P<two>.{{3,400}}?)\s{_MARK}3\s*[.):]\s(?P<three>[^\n]{{3,400}})",
    re.S,
)
# A numbered list of at least two items, which gives the reasons when a pick stands before it.
REASONS = re.compile(r"(?:^|(?<=\s))[ \t>*_(-]{0,6}1\s*[.):]\s.{3,400}?\s[ \t>*_(-]{0,6}2\s*[.):]\s", re.S)
MARKED = re.compile(r"\*\*|__|<b>|<strong>|<u>|<mark>|color|[✅✔☑✓✗←⇐]|<-|<=|\[x\]|\b(?:this one|correct|my answer|richtig)\b", re.I)
TICKED = re.compile(r"^\W*(?:\[\s*[xX✓✔]\s*\]|[☑☒✅✔✓])\s*(.+)$", re.M)
CROSSED_OUT = re.compile(r"~~.+?~~", re.S)
# The number of a list's item that names an option itself: "1. Option 2".
NUMBERED = re.compile(rf"^\W*\d\s*[.):]\s+(?=\W*{OPTION}\s*\W?[123]\b)", re.I | re.M)
# "1, 2 or 3": one clause that names them all.
SEVERAL = re.compile(r"(?<![\w.,])[123](?:(?:\s*,\s*|\s*,?\s*(?:or|and|oder|und|/|&)\s*)(?:options?\s+)?[123](?![\w.)]))+", re.I)
LONE = re.compile(r"(?<![\w.,])([123])(?!\w|\.\d)")
STRUCK = re.compile(r"~~|<s>|<del>|<strike>", re.I)


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause says: the options it names by number and those it describes, and how."""

    named: frozenset[int]
    described: frozenset[int]
    bare: bool
    committed: bool
    rejected: bool
    supposed: bool

    @property
    def options(self) -> frozenset[int]:
        return self.named or self.described


def explicit(clause: str) -> set[int]:
    """Options named by number in a clause: "option 2", "the second one", "we choose 2", "(2)"."""
    others = {int(option) for listed in re.findall(r"[123](?:\s&\s[123])+", clause) for option in re.findall(r"[123]", listed)}
    return others | {
        option
        for option, number in NUMBERS.items()
        if re.search(rf"(?<![A-Za-z]){OPTION}\s*(?:number\s+)?[\(\[#]?(?:{number})(?![A-Za-z0-9])", clause, re.I)
        or re.search(
            rf"\b{CHOOSE}\s*(?:number\s+|the\s+)?[\(\[#]?(?:{number.replace('|I|A', '').replace('|II|B', '|II')})(?![A-Za-z0-9])",
            clause,
            re.I,
        )
        or re.search(rf"{OPENING}{option}\b(?=\s*(?:$|[^\w\s]|(?:is|makes?|seems|would|should|fits|as|for)\b))", clause, re.I)
        or re.search(rf"(?i:option|choice|variante|möglichkeit)\s*\(?(?:{LETTERS[option]})\)?\s*(?:[^\w\s]|$)", clause)
        or re.search(rf"#\s?{option}\b|\(\s*{option}\s*\)|第{number[-1]}|(?<![\d.,]){option}\s?[번番号项項]", clause)
        or re.match(rf"^\W*{'I' * option}\W*$", clause, re.I)
        or re.search(rf"\b(?:{number})\s+(?:option|choice|answer|alternative|one|case|statement|antwort|möglichkeit)\b", clause, re.I)
        or re.match(rf"^\W*(?:the\s+)?(?:{number})\W*$", clause, re.I)
        or re.match(rf"^\W*{'ABC'[option - 1]}(?:\W*$|\s*[).:])|^\W*\(?{'abc'[option - 1]}\s*\)", clause)
        or re.match(rf"^\W*{option}\s+(?:it is|wins|because|since|as|seems|makes)\b", clause, re.I)
        or re.search(
            rf"\b(?:choice|answer|antwort|option|moment)\s+(?:is|wäre|ist)\s+\W?(?:{option}|the (?:{ordinals(number)}))\b", clause, re.I
        )
        or re.search(
            rf"\bthe\s+(?:{ordinals(number)})\s+(?:is|seems|makes|would\s+be)\s+(?:\w+\s+)?(?:right|correct|best|sens)", clause, re.I
        )
    }


def ordinals(number: str) -> str:
    """The English ordinals among the words for a number."""
    return "|".join(number.split("|")[2:4])


def in_words(clause: str) -> set[int]:
    """Options described in a clause."""
    found = {option for option, pattern in WORDS.items() if pattern.search(clause)}
    return found | {2, 3} if EVERY_NAME_SEEN.search(clause) else found


def pick(answer: str) -> int | None:
    """The option an answer picks; 0 for a moment that is none of the three, None when it picks none or more than one.

    A copied list of the options counts only by what is marked in it. Then, in this order: a clause that only names an option, one with
    which the student commits himself, what is named by number, what is described. What is negated, supposed or rejected is no pick.
    """
    answer = answer[:TEXT_LIMIT]
    listed = LISTED.search(answer)
    if listed and in_words(plain(listed["one"])) == {1} and 3 in in_words(plain(listed["three"])):
        if marked := _marked(listed):
            return marked
        answer = answer[: listed.start()] + "\n" + answer[listed.end() :]
    elif (reasons := REASONS.search(answer)) and _names_options(answer[: reasons.start()]):
        answer = answer[: reasons.start()]
    elif listed:
        answer = listed["three"] + answer[listed.end() :]  # all three answers of the question in one
    if ticked := TICKED.findall(answer):
        answer = "\n".join(ticked)
    answer = CROSSED_OUT.sub(" ", answer)
    answer = NUMBERED.sub("", answer)
    answer = SEVERAL.sub(lambda found: re.sub(r"\D+", " & ", found.group()), answer)
    text = re.sub(r"^\W*([123])\s*(?:[.):]\s|[.):]?$)", r"option \1, ", plain(answer), flags=re.M)
    clauses = [_clause(part) for sentence in SENTENCE.split(text) for part in CLAUSE.split(sentence) if part.strip()]
    firm = [clause for clause in clauses if not clause.supposed and not clause.rejected]
    for chosen in (
        [clause.options for clause in firm if clause.bare],
        [clause.options for clause in clauses if clause.committed and not clause.rejected],
        [clause.named for clause in firm],
    ):
        if options := frozenset[int]().union(*chosen):
            return _only(options)
    described = [clause.described for clause in firm if clause.described]
    if described:
        every = frozenset[int]().union(*described)
        return _only(every) or (None if every == set(NUMBERS) else _only(described[0]))
    if options := frozenset[int]().union(*(clause.options for clause in clauses)):
        return _only(options)
    if any(ELSEWHERE.search(sentence) for sentence in SENTENCE.split(text)) and not _may_be_a_name(text):
        return ELSE
    lone = LONE.findall(text)
    return int(lone[0]) if len(lone) == 1 and len(text) <= SHORT and not NEGATION.search(text) else None


def _names_options(text: str) -> bool:
    return any(explicit(part) or in_words(part) for part in SENTENCE.split(plain(text)))


def _may_be_a_name(text: str) -> bool:
    """Whether a text that names another moment also says that a name is read at each."""
    return re.search(r"batch|step|pass|iteration", text, re.I) is not None and ONE_NAME.search(text) is not None


def plain(text: str) -> str:
    """The text without markup, paragraphs kept apart."""
    return re.sub(r"[ \t]+", " ", MARKUP.sub(" ", text)).strip()


def _clause(text: str) -> Clause:
    negation = NEGATION.search(text)
    before = text[: negation.start()] if negation else text
    named, described = explicit(before), in_words(before)
    last = max((found.end() for pattern in WORDS.values() for found in pattern.finditer(before)), default=0)
    rest = before
    for pattern in WORDS.values():
        rest = pattern.sub(" ", rest)
    for option, number in NUMBERS.items():
        rest = re.sub(rf"(?<!\w)(?:{number}|{LETTERS[option]})(?!\w)", " ", rest, flags=re.I)
    bare = bool(named or described) and not negation and not re.search(r"[^\W_]", FILLING.sub(" ", rest))
    committed = COMMITTED.search(before) is not None and re.match(r"^\W*(?:if|wenn|falls|should we)\b", text, re.I) is None
    return Clause(
        frozenset(named),
        frozenset(described),
        bare,
        committed,
        REJECTED.search(text[last:]) is not None,
        SUPPOSED.search(text) is not None and not (committed and re.search(r"\bif\b", text, re.I) is None),
    )


def _marked(listed: re.Match[str]) -> int | None:
    """The only option of a copied list that is marked, or that is not struck out."""
    parts = dict(zip(NUMBERS, listed.group("one", "two", "three"), strict=True))
    marked = frozenset(option for option, part in parts.items() if MARKED.search(part))
    left = frozenset(option for option, part in parts.items() if not STRUCK.search(part))
    return _only(marked) or _only(left)


def _only(options: frozenset[int]) -> int | None:
    return next(iter(options)) if len(options) == 1 else None
