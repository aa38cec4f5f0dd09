# Holds cells that only work in another order, two cells with one id, and no definition of what they use.
#
# table = [21]
# says = ["NameError"]
import json

import nbformat


def hand_in(folder, notebook):
    first = next(index for index, cell in enumerate(notebook.cells) if "__1.1__" in cell.source)
    notebook.cells.insert(first, nbformat.v4.new_code_cell("print(defined_nowhere)"))
    notebook.cells.insert(first, nbformat.v4.new_code_cell("print(defined_later + 1)"))
    notebook.cells.append(nbformat.v4.new_code_cell("defined_later = 1"))
    stored = json.loads(nbformat.writes(notebook))
    for cell in stored["cells"]:
        cell["id"] = "the-same"
        cell["execution_count"] = 1 if cell["cell_type"] == "code" else None
    (folder / "out_of_order.ipynb").write_text(json.dumps(stored), encoding="utf-8")
