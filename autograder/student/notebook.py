"""The checks and rules inside of the notebook, through otter-grader: `from homework import grader`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import otter
from IPython.core.getipython import get_ipython
from IPython.display import FileLink, display
from otter.test_files import GradingResults

from autograder.intake import read
from autograder.student.checklist import checklist
from autograder.student.handing_in import export
from autograder.student.live import public_checks
from autograder.student.words import told


class Notebook(otter.Notebook):  # type: ignore[misc]  # otter has no types
    """otter-grader's notebook, with the rules of handing in, and with an export that needs neither LaTeX nor a browser."""

    def check_all(self) -> GradingResults:
        """Make every public check on what is defined now, and look at the rules in the notebook as it was last saved."""
        namespace = _shell().user_ns
        results = GradingResults([self.check(question, namespace) for question in dict.fromkeys(spec.question for spec in public_checks())])
        print(told(checklist(self._file())))
        if reason := self._unsaved():
            print(reason)
        return results

    def export(self, nb_path: str | None = None, export_path: str | None = None, **options: Any) -> None:
        """Make the PDF of the notebook as it was last saved, and the zip to hand in; otter's other `options` change nothing here."""
        path = Path(nb_path) if nb_path else self._file()
        if reason := self._unsaved():
            print(f"Nothing was exported. {reason}")
            return
        made = export(path, Path(export_path) if export_path else None)
        print(told(checklist(path)))
        print(f"{made} holds {path.name} and its PDF. Hand in what your course asks for: the zip, or both files.")
        display(FileLink(str(made)))  # type: ignore[no-untyped-call]

    def _file(self) -> Path:
        return Path(self._resolve_nb_path(None))

    def _unsaved(self) -> str:
        """Why the file is not what was run here, "" where nothing shows that: this cell runs, those before it should be in there."""
        path = self._file()
        counts = [cell.execution_count or 0 for cell in read.cells(path.read_bytes(), {}, name=path.name)]
        if max(counts, default=0) >= _shell().execution_count - 1:
            return ""
        return (
            f"{path} is older than what you ran last: save the notebook and run this cell again. On Colab, download the .ipynb "
            f"and put it into this folder."
        )


def _shell() -> Any:
    return get_ipython()
