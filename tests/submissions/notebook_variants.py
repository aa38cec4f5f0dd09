"""Where things stand in a notebook, and how it was saved: none of it costs points."""

from __future__ import annotations

import json

import nbformat
from submissions.case import Case, find, insert_after, replace
from submissions.notebook_changes import (
    MASK,
    PLOT,
    PROGRESS,
    RECONSTRUCTION,
    TRAINING,
    add_output,
    as_version,
    code,
    colab,
    counted,
    each_code_cell,
    figure_to_marker,
    heading,
    heading_in_a_cell_of_its_own,
    in_pieces,
    last_section_first,
    merged,
    moved_before,
    one_string_for_each_line,
    rename_streams,
    sources,
    two_types,
    without_metadata,
)

HEADINGS = (
    heading("headings_two_hashes", "Headings have two hashes and no bold number.", "## {} {}"),
    heading("headings_one_hash", "Headings have one hash and a point.", "# {}. {}"),
    heading("headings_bold", "Headings are bold lines without hashes.", "**{} {}**"),
    heading("headings_bold_number", "Only the number is bold.", "**{}** {}"),
    heading("headings_question", "Headings begin with 'Question'.", "### Question {}: {}"),
    heading("headings_q", "Headings begin with 'Q'.", "#### Q{} {}"),
    heading("headings_german", "Headings are in German.", "### Aufgabe {}: Autoencoder"),
    heading("headings_html", "Headings are HTML.", "<h3><b>{}</b> {}</h3>"),
    heading("headings_underlined", "Headings are underlined.", "{} {}\n---------"),
    heading("headings_reworded", "Titles were written anew.", "### {} - My solution (done!)"),
    heading("headings_number_only", "Headings hold nothing but the number.", "### {0}"),
    heading("headings_closed_hashes", "Headings end with hashes, too.", "### {} {} ###"),
    heading("headings_anchor", "Headings hold an anchor.", '### <a name="q"></a>{} {}'),
    heading("headings_no_space", "No blank stands behind the hashes.", "###{} {}"),
    heading("headings_part", "Headings begin with 'Part'.", "## Part {} -- {}"),
    heading("headings_emoji", "Headings begin with a sign.", "### \u2705 {} {}"),
    heading("headings_answer_to", "Headings hold the number behind other words.", "### Answer to {}: {}"),
    heading("headings_number_last", "Headings end with the number in brackets.", "### {1} ({0})"),
    heading("headings_bracket", "Headings are lines with a bracket behind the number.", "{}) {}"),
    Case(
        "headings_second_deleted",
        "The heading of 1.2 was deleted, and its text stands.",
        1,
        (replace(f"{RECONSTRUCTION}\n\n", "", kind="markdown"),),
    ),
    Case("headings_in_cells_of_their_own", "Each heading has a cell of its own.", 1, (heading_in_a_cell_of_its_own,)),
)
COUNTS = (
    Case("counts_missing", "No cell has an execution count.", 1, (counted(None),)),
    Case(
        "counts_backwards",
        "Execution counts go backwards.",
        1,
        (each_code_cell(lambda cell, place: cell.update(execution_count=90 - place)),),
    ),
    Case("counts_equal", "All execution counts are equal.", 1, (counted(7),)),
    Case("counts_wild", "Execution counts are large, repeated and missing.", 1, (counted(12_345, None, 3, 3, 1),)),
)
SAVED = (
    Case("saved_as_version_3", "The notebook was saved in format 3.", 1, (), written=as_version(3)),
    Case("saved_as_version_4_0", "The notebook was saved in format 4.0, without ids.", 1, (), written=as_version(4)),
    Case("saved_without_metadata", "Metadata, ids and counts are missing.", 1, (), written=without_metadata),
    Case("saved_by_colab", "The notebook has Colab's metadata.", 1, (), written=colab),
    Case("saved_with_bom", "The file begins with a byte order mark.", 1, (), written=lambda text: text.encode("utf-8-sig")),
    Case("saved_as_utf_16", "The file is UTF-16.", 1, (), written=lambda text: text.encode("utf-16")),
    Case(
        "saved_with_windows_line_ends", "The file has Windows line ends.", 1, (), written=lambda text: text.replace("\n", "\r\n").encode()
    ),
    Case("saved_as_single_strings", "Sources are strings, not lists.", 1, (), written=one_string_for_each_line),
    Case("saved_in_one_line", "The file is one line.", 1, (), written=lambda text: json.dumps(json.loads(text)).encode()),
)
TEXT = (
    Case("text_windows_line_ends", "Sources have Windows line ends.", 1, (sources(lambda text: text.replace("\n", "\r\n")),)),
    Case("text_tabs", "Code is indented by tabs.", 1, (code(lambda text: text.replace("    ", "\t")),)),
    Case("text_trailing_blanks", "Lines end in blanks.", 1, (code(lambda text: text.replace("\n", "  \n")),)),
    Case(
        "text_german_comments",
        "Comments and titles are in German.",
        1,
        (
            replace('plt.xlabel("epoch")', 'plt.xlabel("Epoche")  # Größe über der Zeit', kind="code"),
            code(lambda text: f"{text}\n# schöne Grüße"),
        ),
    ),
    Case(
        "text_chinese",
        "Comments and answers are in Chinese.",
        1,
        (
            code(lambda text: f"{text}\n# 训练自编码器"),
            replace("Yes: it is a 3 of the same size", "是的，重建结果是一个3。", kind="markdown"),
        ),
    ),
    Case(
        "text_no_break_spaces",
        "Comments hold no-break spaces and dashes.",
        1,
        (code(lambda text: f"#\u00a0mask \u2013 train\n{text}" if MASK in text else text),),
    ),
)
OUTPUTS = (
    Case(
        "outputs_warning",
        "A warning stands on stderr.",
        1,
        (add_output(TRAINING, output_type="stream", name="stderr", text="UserWarning: slow\n  warnings.warn(\n"),),
    ),
    Case(
        "outputs_progress_bar",
        "A progress bar stands on stderr.",
        1,
        (add_output(TRAINING, output_type="stream", name="stderr", text=PROGRESS),),
    ),
    Case(
        "outputs_long",
        "Very long output stands before the losses.",
        1,
        (add_output(TRAINING, output_type="stream", name="stdout", text="batch done\n" * 60_000),),
    ),
    Case(
        "outputs_coloured",
        "A coloured line stands before the losses.",
        1,
        (add_output(TRAINING, output_type="stream", name="stdout", text="\x1b[1;32mstart\x1b[0m\n"),),
    ),
    Case(
        "outputs_of_other_types",
        "HTML, a widget and an unknown type stand among the outputs.",
        1,
        (
            add_output(TRAINING, output_type="display_data", data={"text/html": "<b>start</b>", "text/plain": "start"}),
            add_output(TRAINING, output_type="display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "0a"}}),
            add_output(PLOT, output_type="execute_result", data={"text/plain": "[<matplotlib.lines.Line2D at 0x7f>]"}, execution_count=4),
        ),
    ),
    Case("outputs_stream_in_pieces", "The printed losses come in several pieces.", 1, (lambda cells: in_pieces(find(cells, TRAINING)),)),
    Case("outputs_on_stderr", "The losses were logged to stderr.", 1, (lambda cells: rename_streams(find(cells, TRAINING)),)),
    Case("outputs_jpeg", "The plot is stored under two types.", 1, (lambda cells: two_types(find(cells, PLOT)),)),
)
PLACES = (
    Case("figure_attached", "The loss plot is an attachment at its marker.", 1, (figure_to_marker("attachment"),)),
    Case("figure_as_data", "The loss plot is written into the text.", 1, (figure_to_marker("data"),)),
    Case("figure_cell_after_marker", "The plotting cell stands below the marker.", 1, (moved_before(PLOT, RECONSTRUCTION),)),
    Case(
        "marker_deleted",
        "The marker of the loss plot was deleted.",
        1,
        (lambda cells: cells.remove(find(cells, "(YOUR LOSS PLOT HERE)", kind="markdown")),),
    ),
    Case("one_cell_for_all", "Mask, training and plot are one cell.", 1, (merged(MASK, TRAINING, PLOT),)),
    Case("sections_in_another_order", "1.3 stands before 1.2.", 1, (last_section_first,)),
    Case(
        "raw_cell",
        "A raw cell stands in the section.",
        1,
        (lambda cells: cells.insert(cells.index(find(cells, TRAINING)), nbformat.v4.new_raw_cell("notes to self: 1.2 later")),),
    ),
    Case(
        "empty_cells",
        "Empty cells stand everywhere.",
        1,
        (lambda cells: cells.__setitem__(slice(None), [one for cell in cells for one in (cell, nbformat.v4.new_code_cell(""))]),),
    ),
    Case(
        "number_in_prose",
        "The text of 1.1 begins a line with the number of another question.",
        1,
        (insert_after(TRAINING, "1.2 times as good as before, I think.\n\nSee also 1.3 and 1.2 below.", kind="markdown"),),
    ),
    Case(
        "table_of_contents",
        "A table of contents was added at the top.",
        1,
        (lambda cells: cells.insert(0, nbformat.v4.new_markdown_cell("- 1.1 Mask\n- 1.2 Reconstruction\n- 1.3 Augmentation")),),
    ),
    Case(
        "table_of_contents_as_headings",
        "A table of contents has the form of headings.",
        1,
        (
            lambda cells: cells.insert(
                0, nbformat.v4.new_markdown_cell("## Question 1\n### 1.1 Mask\n### 1.2 Reconstruction\n### 1.3 Augmentation")
            ),
        ),
    ),
    Case(
        "shell_and_magics",
        "Shell escapes and magics were added.",
        1,
        (insert_after(MASK, "!pip install torchsummary\n%timeit -n1 -r1 1 + 1"),),
    ),
    Case(
        "drive_mounted",
        "Colab's drive is mounted first.",
        1,
        (lambda cells: cells.insert(0, nbformat.v4.new_code_cell("from google.colab import drive\ndrive.mount('/content/drive')")),),
    ),
    Case("cell_that_fails", "A cell of one's own fails in between.", 1, (insert_after(MASK, "print(not_there)"),)),
    Case(
        "code_left_in_a_comment",
        "An older try stands in comments.",
        1,
        (insert_after(MASK, "# def apply_mask(x, image_size):\n#     return x"),),
    ),
    Case(
        "question_3_headings_bold",
        "The headings of question 3 are bold lines.",
        3,
        tuple(replace(f"### __3.{n}__", f"**3.{n}**", kind="markdown") for n in (1, 2, 3, 4)),
    ),
    Case("question_2_without_metadata", "Question 2 in a notebook without metadata.", 2, (), written=without_metadata),
)


CASES: tuple[Case, ...] = (*HEADINGS, *COUNTS, *SAVED, *TEXT, *OUTPUTS, *PLACES)
