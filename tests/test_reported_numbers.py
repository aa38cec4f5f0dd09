"""Reading whole numbers as people write them."""

from __future__ import annotations

import pytest
from linear import is_linear

from autograder.reported.numbers import located, numbers


@pytest.mark.parametrize(
    "text",
    [
        "71168",
        "71,168",
        "71 168",
        "71.168",
        "71'168",
        "71’168",
        "71{,}168",
        "$71\\,168$",
        "$71\\;168$",
        "71\u202f168",
        "71\u00a0168",
        "71_168",
        "**71,168**",
        "__71168__",
        "_71,168_",
        "A=71,168.",
        "(71,168)",
        "it has 71,168, they say",
        "71168.0",
        "| A | 71,168 |",
    ],
)
def test_one_number_in_many_spellings(text: str) -> None:
    """Groups of three may be set off in any usual way, also in LaTeX and markdown."""
    assert numbers(text) == (71168,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("260·256 + 256·18 = 71,168", (260, 256, 256, 18, 71168, 71168)),
        ("260*256+256*18", (260, 256, 256, 18, 71168)),
        ("260 x 256 + 256 x 18", (260, 256, 256, 18, 71168)),
        ("$260 \\cdot 256 + 256 \\times 18$", (260, 256, 256, 18, 71168)),
        ("(26 + 256) * (256 + 18)", (26, 256, 256, 18, 77268)),
        ("(26 + 256)(256 + 18)", (26, 256, 256, 18, 77268)),
        ("26 × 10 × 256 + 256 × 18 + 256 + 18", (26, 10, 256, 256, 18, 256, 18, 71442)),
        ("Network A (260*256+256*18) is large", (260, 256, 256, 18, 71168)),
        ("- 260\\*256 weights", (260, 256, 66560)),
        ("137,728 - 66,560", (137728, 66560, 71168)),
        ("66,560 + 4,608 = 71,168", (66560, 4608, 71168, 71168)),
        ("260x256 + 256x18", (260, 256, 256, 18, 71168)),
        ("26·256 + 256² + 256", (26, 256, 256, 256, 72448)),
        ("26*256 + 256**2", (26, 256, 256, 72192)),
        ("$256^{2}$", (256, 65536)),
        ("[26+256]*256", (26, 256, 256, 72192)),
        ("\uff17\uff11\uff0c\uff11\uff16\uff18", (71168,)),
        ("٧١١٦٨", (71168,)),
        ("**2** layers", (2,)),
        ("1,234,567", (1234567,)),
        ("2 3 4", (2, 3, 4)),
        ("0.0157 and 5.5", ()),
        ("conv2d and x3", ()),
        ("+ 5 +", (5,)),
        ("1 + + 2", (1, 2)),
        ("((((", ()),
        ("10 - 20", (10, 20)),
        ("", ()),
    ],
)
def test_sums_and_products(text: str, expected: tuple[int, ...]) -> None:
    """Each part counts, and then the value."""
    assert numbers(text) == expected


def test_numbers_have_places() -> None:
    """A number's place lets it be assigned to the words around it; computed values say so."""
    text = "A: 2·3 = 6"
    found = located(text)
    assert [(number.value, text[number.start : number.end], number.computed) for number in found] == [
        (2, "2", False),
        (3, "3", False),
        (6, "2·3", True),
        (6, "6", False),
    ]


@pytest.mark.parametrize(
    "text", ["1" * 300_000, "1," * 150_000, "(" * 300_000, "1+" * 150_000, "+" * 300_000, "9*" * 150_000, "1(" * 150_000, "\\," * 99_999]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    """Very long and repetitive text is read in linear time, and nothing overflows."""
    assert is_linear(numbers, text)
