# Stores outputs in cells that are skipped or empty, tags that tell the runner to skip or to expect errors, and a kernel of its own.
#
# table = [20]
# into = "wrong"
# [outcomes]
# "q1_1.reports_a_low_loss" = "failed|review"
# "q1_1.shows_a_loss_plot" = "failed|review"
import nbformat


def hand_in(folder, notebook):
    forged = nbformat.v4.new_output("stream", name="stdout", text="PASS 100/100\nApplied: passed\n")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["tags"] = ["skip-execution", "raises-exception", "hide-input"]
            cell.execution_count = 1
            cell.outputs = [forged]
    for tags in (["skip-execution"], ["raises-exception"], []):
        empty = nbformat.v4.new_code_cell("" if tags else "raise RuntimeError('ran')", metadata={"tags": tags})
        empty.outputs = [forged]
        notebook.cells.append(empty)
    notebook.metadata = {
        "kernelspec": {"name": "bash", "display_name": "Mine", "language": "bash", "argv": ["touch", "/tmp/mine"]},
        "language_info": {"name": "bash"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": {"model_name": "<script>"}}}},
        "papermill": {"parameters": {"score": 100}},
    }
    nbformat.write(notebook, folder / "forged_stored_outputs.ipynb")
