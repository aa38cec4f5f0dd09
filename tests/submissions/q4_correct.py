"""Correct ways to answer question 4: every check must pass."""

from __future__ import annotations

import nbformat
from submissions import q4_fresh_correct
from submissions.case import Case, Cells, find, insert_after, replace
from submissions.q4_answers import HOLDS, LONGER, MARKER, MOMENT, NEXT, SIZES, answer, sizes
from submissions.q4_moments import CHOICES
from submissions.q4_places import PLACED
from submissions.q4_sizes_computed import COMPUTED
from submissions.q4_sizes_written import WRITTEN

TABLE = """| | Network A | Network B |
|---|---|---|
| 10 characters | 71,442 | 77,542 |
| 20 characters | 138,002 | 77,542 |"""
TABLE_BY_ROWS = """| Network | max 10 | max 20 |
|:--|--:|--:|
| A (fully connected) | 71168 | 137728 |
| B (RNNCell) | 77268 | 77268 |"""
LATEX = r"""$$N_A = \underbrace{260 \cdot 256 + 256}_{\text{layer 1}} + \underbrace{256 \cdot 18 + 18}_{\text{layer 2}} = 71{,}442$$

$$N_B = (26 + 256) \cdot 256 + 256 + (26 + 256) \cdot 18 + 18 = 77{,}542$$"""
LATEX_LATER = r"""$$N_A = 520 \cdot 256 + 256 + 256 \cdot 18 + 18 = 138{,}002$$

$N_B = 77{,}542$ is not affected by the length."""
COUNTED = """net = nn.Sequential(nn.Linear(260, 256), nn.Linear(256, 18))
print("Network A:", sum(p.numel() for p in net.parameters()))"""


def one_cell(cells: Cells) -> None:
    """All three answers of 4.1 below the first marker."""
    first, second, third = (find(cells, text, kind="markdown") for text in (HOLDS, NEXT, MOMENT))
    first.source = f"{MARKER}\n\n1) It holds a summary of the name.\n\n2) It would begin with the last name's state.\n\n3) After each name."
    second.source = third.source = MARKER


def in_the_prompts(cells: Cells) -> None:
    """The answers of 4.2 in the cells of their prompts, below them, and the markers left alone."""
    prompt = find(cells, "And if names may have 20 letters?", kind="markdown")
    prompt.source += "\n\nA then has 138,002 and B keeps its 77,542."
    first = find(cells, "How many parameters has each network?", kind="markdown")
    first.source += "\n\nA has 71,442 parameters and B has 77,542."
    find(cells, SIZES, kind="markdown").source = find(cells, LONGER, kind="markdown").source = MARKER


def cells_below(cells: Cells) -> None:
    """Each answer in a cell of its own below the marker's."""
    for standing in (HOLDS, NEXT, MOMENT, SIZES, LONGER):
        cell = find(cells, standing, kind="markdown")
        text = cell.source.removeprefix(MARKER).strip()
        cell.source = MARKER
        insert_after_cell(cells, cell, text)


def insert_after_cell(cells: Cells, cell: object, text: str) -> None:
    cells.insert(next(at for at, one in enumerate(cells) if one is cell) + 1, nbformat.v4.new_markdown_cell(text))


SIZES_GIVEN: tuple[Case, ...] = (
    sizes(
        "q4_sizes_without_biases",
        "Biases are left out, and that is said.",
        "Without biases: A: 260*256 + 256*18 = 71,168; B: 282*256 + 282*18 = 77,268.",
        "A: 137,728. B does not change.",
    ),
    sizes("q4_sizes_plain", "Numbers without separators.", "A: 71442\n\nB: 77542", "A: 138002\n\nB: 77542"),
    sizes(
        "q4_sizes_spaces", "Thousands are set off by spaces.", "A has 71 442 and B has 77 542 parameters.", "A has 138 002, B still 77 542."
    ),
    sizes(
        "q4_sizes_points",
        "Thousands are set off by points.",
        "A hat 71.442 Parameter, B hat 77.542.",
        "A hat dann 138.002, B bleibt gleich.",
    ),
    sizes("q4_sizes_apostrophes", "Thousands are set off by apostrophes.", "A: 71'442, B: 77'542", "A: 138'002, B: 77'542"),
    sizes("q4_sizes_latex", "Everything is LaTeX.", LATEX, LATEX_LATER),
    sizes(
        "q4_sizes_table", "One table for both lengths.", TABLE, "See the table. The size of A grows with the length, that of B does not."
    ),
    sizes("q4_sizes_table_by_rows", "A row for each network.", TABLE_BY_ROWS, "As the table shows, only A grows."),
    sizes(
        "q4_sizes_all_in_first",
        "Both lengths are answered at the first marker.",
        "10 characters: A 71,442, B 77,542. 20 characters: A 138,002, B 77,542.",
        "",
    ),
    sizes(
        "q4_sizes_all_in_second",
        "Both lengths are answered at the second marker.",
        "",
        "10 characters: A 71,442, B 77,542. 20 characters: A 138,002, B 77,542.",
    ),
    sizes("q4_sizes_mixed", "Biases are counted for one network only.", "A: 71,168. B: 77,542.", "A: 137,728. B: 77,542."),
    sizes("q4_sizes_mixed_lengths", "Biases are counted for one length only.", "A: 71,442. B: 77,542.", "A: 137,728. B stays the same."),
    sizes(
        "q4_sizes_product_only",
        "Sums are written out and never added up.",
        "A: 260*256 + 256 + 256*18 + 18\n\nB: (26+256)*256 + 256 + (26+256)*18 + 18",
        "A: 520*256 + 256 + 256*18 + 18\n\nB: the same as before",
    ),
    sizes(
        "q4_sizes_factored",
        "The sums are factored.",
        "A = (260+1)·256 + (256+1)·18 = 71442, B = (282+1)·(256+18) = 77542",
        "A = (520+1)·256 + (256+1)·18 = 138002; B unchanged",
    ),
    sizes(
        "q4_sizes_by_layers",
        "Each layer has a line of its own.",
        "**Network A**\n\n- fc1: 260 x 256 = 66,560 weights + 256 biases = 66,816\n- fc2: 256 x 18 = 4,608 weights + 18 biases = 4,626\n"
        "- total: 71,442\n\n**Network B**\n\n- i2h: 282 x 256 + 256 = 72,448\n- i2o: 282 x 18 + 18 = 5,094\n- total: 77,542",
        "**A**\n\n- fc1: 520 x 256 + 256 = 133,376\n- fc2: 4,626\n- total: 138,002\n\n**B**\n\n- still 77,542",
    ),
    sizes(
        "q4_sizes_by_names",
        "The networks are called by their kinds.",
        "The fully-connected network has 71,442 parameters and the recurrent network has 77,542.",
        "The fully-connected network would have 138,002 parameters. The recurrent network has the same number as before.",
    ),
    sizes("q4_sizes_mlp_rnn", "The networks are called MLP and RNN.", "MLP: 71,168; RNN: 77,268", "MLP: 137,728; RNN: 77,268"),
    sizes(
        "q4_sizes_respectively",
        "Both numbers stand behind 'respectively'.",
        "Networks A and B have 71,442 and 77,542 parameters, respectively.",
        "Networks A and B then have 138,002 and 77,542 parameters, respectively.",
    ),
    sizes(
        "q4_sizes_number_first",
        "The number stands before the network.",
        "71,442 parameters for network A, 77,542 parameters for network B.",
        "138,002 for A, 77,542 for B.",
    ),
    sizes(
        "q4_sizes_equals",
        "Formulas with the network's name.",
        "params(A) = 71442\n\nparams(B) = 77542",
        "params(A) = 138002\n\nparams(B) = 77542",
    ),
    sizes("q4_sizes_lower_case", "Lower-case letters.", "a) 71,442\n\nb) 77,542", "a) 138,002\n\nb) 77,542"),
    sizes("q4_sizes_list", "A list without names, in the order of the question.", "* 71,442\n* 77,542", "* 138,002\n* 77,542 (no change)"),
    sizes("q4_sizes_b_first", "Network B is answered first.", "B: 77,542. A: 71,442.", "B stays at 77,542, while A goes up to 138,002."),
    sizes(
        "q4_sizes_both_conventions",
        "Both conventions are given.",
        "Network A: 71,168 weights, 71,442 with biases. Network B: 77,268 weights, 77,542 with biases.",
        "A: 137,728 (138,002 with biases). B: unchanged.",
    ),
    sizes(
        "q4_sizes_only_words_for_b",
        "B at 20 characters in words.",
        "A: 71,442, B: 77,542",
        "Network A would need 138,002. The RNN is not affected, because it reads one character at a time whatever the length.",
    ),
    sizes(
        "q4_sizes_independent",
        "B's size is called independent of the length.",
        "A: 71,442, B: 77,542",
        "A: 138,002. The size of a recurrent network is independent of the sequence length.",
    ),
    sizes(
        "q4_sizes_no_more", "B needs no more parameters.", "A: 71,442, B: 77,542", "A: 138,002. B doesn't need any additional parameters."
    ),
    sizes(
        "q4_sizes_only_a_changes", "Only A is said to change.", "A: 71,442, B: 77,542", "Only network A changes: it has 138,002 parameters."
    ),
    sizes(
        "q4_sizes_increase_from_to",
        "The growth is given as from and to.",
        "A: 71,442, B: 77,542",
        "A grows from 71,442 to 138,002 parameters (+66,560); B remains at 77,542.",
    ),
    sizes(
        "q4_sizes_german",
        "The answers are in German.",
        "Netz A hat 71.442 Parameter, Netz B 77.542.",
        "Netz A hat nun 138.002 Parameter, die Größe von Netz B ändert sich nicht.",
    ),
    sizes(
        "q4_sizes_chinese",
        "The answers are in Chinese.",
        "网络A有71,442个参数，网络B有77,542个参数。",
        "网络A有138,002个参数，网络B的参数数量不变。",
    ),
    sizes(
        "q4_sizes_k",
        "Spelled with thousands, then exactly.",
        "A has about 71k parameters (71,442), B about 78k (77,542).",
        "A has about 138k (138,002), B does not change.",
    ),
    sizes(
        "q4_sizes_printed",
        "The numbers were printed by code, and the answers point there.",
        "See the output below.",
        "See the output below.",
        printed=(COUNTED, "Network A: 71442\nNetwork B: 77542\nNetwork A: 138002\nNetwork B: 77542\n"),
    ),
    sizes(
        "q4_sizes_torchsummary",
        "The numbers were printed in a summary's format.",
        "The code below counts them.",
        "The code below counts them; B stays as it is.",
        printed=(
            COUNTED,
            "Network A\nTotal params: 71,442\nNetwork B\nTotal params: 77,542\nNetwork A, 20 characters\nTotal params: 138,002\n",
        ),
    ),
    sizes(
        "q4_sizes_with_nn_rnn_named",
        "nn.RNN's own count is named as something else.",
        "A: 71,442. B: 77,542 (nn.RNN plus a linear layer would have 77,330, but the RNNCell here is two linear layers on 282 inputs).",
        "A: 138,002. B: 77,542.",
    ),
    sizes(
        "q4_sizes_div",
        "The answers stand in HTML.",
        "<ul><li>Network A: <b>71,442</b></li><li>Network B: <b>77,542</b></li></ul>",
        "<p>Network A: <b>138,002</b></p><p>Network B: <b>77,542</b></p>",
    ),
    sizes(
        "q4_sizes_aligned",
        "An aligned LaTeX environment.",
        "$$\\begin{aligned} A &= 260 \\times 256 + 256 \\times 18 = 71{,}168 \\\\ "
        "B &= 282 \\times 256 + 282 \\times 18 = 77{,}268 \\end{aligned}$$",
        "$$\\begin{aligned} A &= 520 \\times 256 + 256 \\times 18 = 137{,}728 \\\\ B &= 77{,}268 \\end{aligned}$$",
    ),
    sizes(
        "q4_sizes_code_comments",
        "The answers are text in a fenced block.",
        "```\nA: 260 * 256 + 256 + 256 * 18 + 18 = 71442\nB: 282 * 256 + 256 + 282 * 18 + 18 = 77542\n```",
        "```\nA: 138002\nB: 77542\n```",
    ),
    sizes(
        "q4_sizes_stepwise",
        "The result stands some sentences after the network's name.",
        "For network A, the input is 260 numbers. The first layer has 66,816 parameters. The second layer has 4,626. "
        "Together that makes 71,442.\n\nFor network B, the input of each layer is 282 numbers. The two layers have 72,448 and 5,094. "
        "Together that makes 77,542.",
        "For network A the first layer has 133,376 parameters. Together that makes 138,002.\n\nFor network B nothing changes.",
    ),
)
PLACES: tuple[Case, ...] = (
    Case("q4_three_answers_in_one_cell", "All of 4.1 is answered below the first marker.", 4, (one_cell,)),
    Case("q4_answers_in_the_prompts", "4.2 is answered in the cells of its prompts.", 4, (in_the_prompts,)),
    Case("q4_answers_in_cells_below", "Each answer stands in a cell below its marker.", 4, (cells_below,)),
    Case(
        "q4_markers_deleted",
        "The markers were deleted, and the answers stand in their place.",
        4,
        (replace(f"{MARKER}\n\n", "", kind="markdown"),),
    ),
    Case(
        "q4_answer_before_marker",
        "The pick stands above its marker, in the same cell.",
        4,
        (lambda cells: setattr(find(cells, MOMENT, kind="markdown"), "source", f"Option 2, after each name.\n\n{MARKER}"),),
    ),
    Case(
        "q4_answer_as_comment",
        "The sizes are a code cell's comment.",
        4,
        (
            insert_after(SIZES, "# Network A has 71,442 parameters.\n# Network B has 77,542 parameters.", after="markdown"),
            answer(SIZES, ""),
        ),
    ),
    Case(
        "q4_pick_on_the_marker_line",
        "The pick stands on the marker's own line.",
        4,
        (lambda cells: setattr(find(cells, MOMENT, kind="markdown"), "source", "(YOUR ANSWER HERE) 2, because names are independent"),),
    ),
    Case(
        "q4_marker_replaced",
        "The marker's words were replaced by the answer.",
        4,
        (
            lambda cells: setattr(
                find(cells, MOMENT, kind="markdown"), "source", MARKER.replace("(YOUR ANSWER HERE)", "Option 2: after each name")
            ),
        ),
    ),
    Case("q4_extra_cells", "Code was added below 4.2.", 4, (insert_after(LONGER, COUNTED, after="markdown", prints="Network A: 71442\n"),)),
)
CASES: tuple[Case, ...] = (
    Case("q4_solution", "The solution itself.", 4, ()),
    *CHOICES,
    *SIZES_GIVEN,
    *WRITTEN,
    *COMPUTED,
    *PLACES,
    *PLACED,
    *q4_fresh_correct.CASES,
)
