"""Text as a cell that no spreadsheet takes for a formula, and back: an apostrophe goes before it, exactly where one is needed.

What has an apostrophe there already gets another one, so that reading undoes what writing did, whatever people have written.
"""

from __future__ import annotations

import re

# What a spreadsheet takes for the start of a formula; the wide forms are read like the narrow ones by some.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_WOULD_START = re.compile(rf"[\s']*[{re.escape(''.join(FORMULA_STARTS))}]")


def quoted(text: str) -> str:
    """The cell for a text; nothing of it is left out or changed."""
    return f"'{text}" if _WOULD_START.match(text) else text


def unquoted(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if cell.startswith("'") and _WOULD_START.match(cell) else cell
