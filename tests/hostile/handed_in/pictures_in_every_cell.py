# Shows a picture of some megabytes in every one of many cells, and text of as many characters outside of ASCII.
#
# table = [17]
# budget = 35
import nbformat

SOURCE = """from IPython.display import display
display({"image/png": "A" * 7_000_000, "text/plain": "\\U0001f600" * 1_500_000}, raw=True)"""


def hand_in(folder, notebook):
    notebook.cells += [nbformat.v4.new_code_cell(SOURCE) for _ in range(60)]
    nbformat.write(notebook, folder / "pictures_in_every_cell.ipynb")
