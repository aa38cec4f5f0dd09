# Is a notebook of five thousand cells, of code and of words.
#
# seconds = 60
# budget = 30
# memory_mb = 600
# [outcomes]
# "q1_1.*" = "passed|failed|review"
import nbformat


def hand_in(folder, notebook):
    for number in range(2_490):
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"### Thought {number}"))
        notebook.cells.append(nbformat.v4.new_code_cell(f"x = {number}"))
    nbformat.write(notebook, folder / "five_thousand_cells.ipynb")
