"""Right answers to 4.2 as students write them: prose, LaTeX and tables."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import written

A_AND_B = "Network A has 71,442 parameters and network B has 77,542."
LATER = "Network A has 138,002 parameters then, network B still 77,542."

WRITTEN: tuple[Case, ...] = (
    written(
        "q4_written_latex_align",
        "Both sums are lines of an align environment.",
        (
            "$$\n\\begin{align}\nN_A &= (10\\cdot 26)\\cdot 256 + 256 + 256\\cdot 18 + 18 = 71{,}442\\\\\n"
            "N_B &= (26+256)\\cdot 256 + 256 + (26+256)\\cdot 18 + 18 = 77{,}542\n"
            "\\end{align}\n$$"
        ),
        (
            "$$N_A = 520 \\times 256 + 256 + 256 \\times 18 + 18 = 138{,}002$$\n"
            "\n$N_B$ does not depend on the sequence length, so it stays the same."
        ),
    ),
    written(
        "q4_written_table_columns",
        "A column for each network, with the layers as rows.",
        (
            "|  | Network A | Network B |\n|---|---:|---:|\n| hidden layer | 66816 | 72448 |\n"
            "| output layer | 4626 | 5094 |\n| total | 71442 | 77542 |"
        ),
        (
            "|  | Network A | Network B |\n|---|---:|---:|\n| hidden layer | 133376 | 72448 |\n"
            "| output layer | 4626 | 5094 |\n| total | 138002 | 77542 |\n\nSo the MLP grows linearly and the RNN does "
            "not."
        ),
    ),
    written(
        "q4_written_one_sentence",
        "Both lengths are answered in one sentence each.",
        (
            "A has 71,442 parameters and B has 77,542 parameters (including biases), since 260*256+256+256*18+18 = "
            "71,442 and 282*256+256+282*18+18 = 77,542."
        ),
        "A and B at 20 characters: 138,002 and 77,542 respectively.",
    ),
    written(
        "q4_written_thin_spaces",
        "Narrow no-break spaces set off thousands.",
        "Network A: 71\u202f442 parameters. Network B: 77\u202f542 parameters.",
        "Network A: 138\u2009002. Network B: 77\u2009542 (unchanged).",
    ),
    written(
        "q4_written_headings_per_network",
        "Each network has a heading of its own.",
        (
            "#### Network A\n\nfirst layer: 260·256 weights + 256 biases = 66,816\n"
            "\nsecond layer: 256·18 + 18 = 4,626\n\nin all 71,442\n\n#### Network B\n"
            "\nhidden: 282·256 + 256 = 72,448\n\noutput: 282·18 + 18 = 5,094\n"
            "\nin all 77,542"
        ),
        "#### Network A\n\n20·26 = 520, 520·256 + 256 = 133,376, in all 138,002\n\n#### Network B\n\nNo change.",
    ),
    written("q4_written_strike_corrected", "A wrong number is struck out.", "Network A: 71442. Network B: ~~77330~~ 77542.", LATER),
    written(
        "q4_written_first_thought",
        "A wrong number is told as a first thought.",
        (
            "Network A has 71,442 parameters. For network B I first got 77,330 because I counted like nn.RNN with its "
            "two biases, but the RNNCell of the course has 77,542."
        ),
        LATER,
    ),
    written(
        "q4_written_unchanged_not_affected",
        "B is called not affected.",
        A_AND_B,
        "Network A: 138,002. Network B is not affected, because it processes a name one letter at a time.",
    ),
    written(
        "q4_written_unchanged_wont_change",
        "B's count is said not to change.",
        A_AND_B,
        "Network A grows to 138,002 parameters, whereas Network B's parameter count won't change.",
    ),
    written(
        "q4_written_unchanged_does_not_grow",
        "B is said not to grow.",
        A_AND_B,
        ("The fully connected network A nearly doubles to 138,002 while the recurrent network B does not grow at all."),
    ),
    written(
        "q4_written_html_table",
        "The numbers stand in HTML tables.",
        ("<table><tr><th>Network</th><th>Parameters</th></tr><tr><td>A</td><td>71442</td></tr><tr><td>B</td><td>77542</td></tr></table>"),
        ("<table><tr><th>Network</th><th>Parameters</th></tr><tr><td>A</td><td>138002</td></tr><tr><td>B</td><td>77542</td></tr></table>"),
    ),
    written(
        "q4_written_comparison_sentence",
        "The difference of the networks is named first.",
        "Network A has 6,100 fewer parameters than Network B: 71,442 against 77,542.",
        "Network A has 138,002 parameters, 66,560 more than before; Network B has 77,542 as before.",
    ),
    written(
        "q4_written_b_split_u_v",
        "B's sum is split into input, recurrent and output weights.",
        (
            "A: 66,816 + 4,626 = 71,442.\n\nB: input part 26*256 = 6,656, recurrent part 256*256 = 65,536, bias 256, "
            "output 282*18+18 = 5,094, so 6,656 + 65,536 + 256 + 5,094 = 77,542."
        ),
        LATER,
    ),
    written(
        "q4_written_from_to",
        "Both networks go from a number to a number.",
        A_AND_B,
        ("Network A goes from 71,442 to 138,002 parameters, Network B from 77,542 to 77,542, that is, it does not change."),
    ),
    written(
        "q4_written_latex_cases_mathrm",
        "LaTeX with roman letters and a box.",
        ("$\\mathrm{params}_A = 260 \\cdot 256 + 256 + 256 \\cdot 18 + 18 = \\mathbf{71\\,442}$, $\\mathrm{params}_B = \\boxed{77\\,542}$"),
        "$\\mathrm{params}_A = 138\\,002$, $\\mathrm{params}_B = 77\\,542$",
    ),
    written(
        "q4_written_spanish",
        "The answers are in Spanish.",
        "La red A tiene 71.442 parámetros y la red B tiene 77.542.",
        "La red A tendría 138.002 parámetros; la red B no cambia.",
    ),
    written(
        "q4_written_approx_exact",
        "Rounded numbers stand before the exact ones.",
        "Network A: ≈ 71.4k parameters (exactly 71,442). Network B: ≈ 77.5k (exactly 77,542).",
        "Network A: ≈ 138k (exactly 138,002). Network B: as before.",
    ),
    written(
        "q4_written_chatgpt",
        "A long answer with headings, lists and boxes.",
        (
            "### Network A\n\n* **Input size**: $10 \\times 26 = 260$\n* **Layer 1 (260 → 256)**: $260 \\times 256 + 256 "
            "= 66{,}560 + 256 = 66{,}816$\n* **Layer 2 (256 → 18)**: $256 \\times 18 + 18 = 4{,}608 + 18 = 4{,}626$\n"
            "\n**Total (A):** $66{,}816 + 4{,}626 = \\boxed{71{,}442}$\n\n### Network B\n"
            "\n* **i2h (282 → 256)**: $282 \\times 256 + 256 = 72{,}192 + 256 = 72{,}448$\n"
            "* **i2o (282 → 18)**: $282 \\times 18 + 18 = 5{,}076 + 18 = 5{,}094$\n"
            "\n**Total (B):** $72{,}448 + 5{,}094 = \\boxed{77{,}542}$\n\nAt this length the two are about the same size."
        ),
        (
            "With a maximum length of 20:\n\n* **Network A**: the input grows to $20 \\times 26 = 520$, so layer 1 has "
            "$520 \\times 256 + 256 = 133{,}376$ parameters and the total is $133{,}376 + 4{,}626 = 138{,}002$.\n"
            "* **Network B**: the number of parameters is **unchanged** (77,542), since the same weights are applied at "
            "each time step.\n\n**Conclusion:** fully connected networks scale linearly, $O(L)$, recurrent ones are "
            "constant, $O(1)$."
        ),
    ),
    written("q4_written_terse", "Two numbers and a slash.", "71442 / 77542", "138002 / 77542"),
    written(
        "q4_written_b_square",
        "B's sum holds a square and is not added up.",
        "A: 71,442. B: 26·256 + 256² + 256 + (26+256)·18 + 18",
        "A: 138,002. B: as above",
    ),
    written(
        "q4_written_html_list",
        "A lettered HTML list.",
        "<ol type='A'><li>71,442</li><li>77,542</li></ol>",
        "<ol type='A'><li>138,002</li><li>77,542</li></ol>",
    ),
    written(
        "q4_written_latex_tabular",
        "An array in LaTeX.",
        ("$$\\begin{array}{l|r}\n\\text{network} & \\text{parameters}\\\\ \\hline\nA & 71{,}442\\\\\nB & 77{,}542\n\\end{array}$$"),
        "$$\\begin{array}{l|r}\nA & 138{,}002\\\\\nB & 77{,}542\n\\end{array}$$",
    ),
    written(
        "q4_written_latex_subscript",
        "Formulas with the length in brackets.",
        "$P_A = (260+1)\\cdot256 + (256+1)\\cdot18 = 71\\,442$ and $P_B = (282+1)\\cdot(256+18) = 77\\,542$.",
        "$P_A(20) = (520+1)\\cdot256+(256+1)\\cdot18 = 138\\,002$, $P_B(20)=P_B(10)=77\\,542$.",
    ),
    written(
        "q4_written_almost_double", "B is left as is.", A_AND_B, "Network A almost doubles (138,002 parameters); Network B is left as is."
    ),
    written(
        "q4_written_biases_note",
        "Weights and biases are named beside the sums.",
        ("Network A has 71,442 parameters (71,168 weights + 274 biases), Network B has 77,542 (77,268 weights + 274 biases)."),
        "Network A: 138,002 (137,728 weights + 274 biases); Network B: the same 77,542.",
    ),
    written(
        "q4_written_nn_rnn_contrast",
        "nn.RNN is named to compare with, in brackets.",
        (
            "A: 71,442. B: 77,542. (With PyTorch's nn.RNN it would be 77,330, because there are two bias vectors and the "
            "output layer sees the hidden state only.)"
        ),
        LATER,
    ),
    written(
        "q4_written_memory_note",
        "The memory in bytes stands beside the numbers.",
        "A: 71,442 parameters (285,768 bytes in float32). B: 77,542 parameters (310,168 bytes in float32).",
        LATER,
    ),
    written(
        "q4_written_japanese",
        "The answers are in Japanese.",
        "ネットワークAは71,442個、ネットワークBは77,542個のパラメータを持つ。",
        "ネットワークAは138,002個、ネットワークBは77,542個のまま変わらない。",
    ),
    written(
        "q4_written_fullwidth",
        "Digits and commas have full width.",
        "Network A: 71,442\n\nNetwork B: 77,542",
        "Network A: 138,002\n\nNetwork B: 77,542",
    ),
    written(
        "q4_written_latter",
        "The networks are called the former and the latter.",
        "Network A has 71,442 parameters and Network B 77,542.",
        "The former would need 138,002 and the latter still 77,542.",
    ),
    written(
        "q4_written_mistake_fixed",
        "A number is corrected in the next sentence.",
        ("Network A: 66,560 + 4,608 = 71,168 weights. Oops, I forgot the biases: 71,442. Network B: 77,268 + 274 = 77,542."),
        "Network A: 138,002. Network B: no change.",
    ),
    written(
        "q4_written_not_77330",
        "Another count of B is denied.",
        "Network A: 71,442. Network B: 77,542, not 77,330, because the course's cell has one bias for each layer.",
        LATER,
    ),
    written(
        "q4_written_table_before_after",
        "A table has columns before and now.",
        "A: 71,442; B: 77,542",
        "| Network | before | now |\n|---|---|---|\n| A | 71,442 | 138,002 |\n| B | 77,542 | 77,542 |",
    ),
    written(
        "q4_written_details_table",
        "A table has a row for each layer.",
        (
            "| Layer | Shape | Parameters |\n|---|---|---|\n| A fc1 | 260 × 256 + 256 | 66,816 |\n"
            "| A fc2 | 256 × 18 + 18 | 4,626 |\n| **A total** | | **71,442** |\n"
            "| B i2h | 282 × 256 + 256 | 72,448 |\n| B i2o | 282 × 18 + 18 | 5,094 |\n"
            "| **B total** | | **77,542** |"
        ),
        LATER,
    ),
    written(
        "q4_written_general_L",
        "The numbers are given as functions of the length.",
        "A: 26·L·256 + 256 + 4,626 = 6,656·L + 4,882, for L = 10 it is 71,442. B: 77,542 for each L.",
        "A: for L = 20 it is 138,002. B: 77,542 for each L.",
    ),
)
