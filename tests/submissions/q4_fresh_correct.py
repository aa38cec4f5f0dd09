"""Right answers to question 4 as students write them from the handout alone."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import moment, ran, written

A_AND_B = "Network A: 71,442. Network B: 77,542."
LATER = "Network A has 138,002 parameters then, network B still 77,542."

MOMENTS: tuple[Case, ...] = (
    moment("q4_fresh_moment_bracket", "A number with a bracket and a reason.", "2) since every name is a sequence of its own."),
    moment(
        "q4_fresh_moment_all_three",
        "All options are discussed by number, the second is chosen at the end.",
        "With 1 the state would carry over through the whole training, and with 3 it would still carry over from name to name within "
        "an epoch. Only 2 starts every name from the same state, so I would choose 2.",
    ),
    moment(
        "q4_fresh_moment_new_name",
        "The start of a new name in words.",
        "Each time a new name is fed in, the hidden state should be zeroed first, because it should not know of the previous person.",
    ),
    moment(
        "q4_fresh_moment_code_words",
        "The place in the code.",
        "`hidden = rnn.init_hidden()` belongs inside the loop over the names, before the loop over the letters, "
        "i.e. it is called once for every name.",
    ),
    moment("q4_fresh_moment_keycap", "The number as a keycap.", "2️⃣ after each name. Names have nothing to do with each other."),
    moment("q4_fresh_moment_french", "A French answer.", "Après chaque nom, car les noms sont indépendants les uns des autres."),
    moment(
        "q4_fresh_moment_epoch_too_rare",
        "The third option is called too rare.",
        "It makes sense to reset it after every name. Resetting after each epoch would be too rare: the state would mix up all names "
        "of the epoch, and resetting once at the beginning is even worse.",
    ),
    moment(
        "q4_fresh_moment_struck_out",
        "A first answer is struck out.",
        "~~3~~ 2, because the hidden state should only contain information of the current name.",
    ),
    moment(
        "q4_fresh_moment_training_example",
        "The name is called a training example.",
        "The most sensible is after every training example, as one example does not influence the language of the next one.",
    ),
    moment("q4_fresh_moment_finished", "The end of a name.", "As soon as a name is finished (its last letter was processed)."),
    moment(
        "q4_fresh_moment_korean", "A Korean answer with the number.", "2번. 이름마다 서로 독립적이므로 각 이름이 끝난 후에 초기화해야 한다."
    ),
    moment(
        "q4_fresh_moment_would_otherwise",
        "The reason speaks of epochs and of the beginning of training.",
        "After each name (2). If we did it only at the beginning of training, or after an epoch, the second name would start with the "
        "summary of the first.",
    ),
)
SIZES: tuple[Case, ...] = (
    written(
        "q4_fresh_sizes_by_layers_without_biases",
        "Each product has its value, and biases are left out.",
        "**Network A**: 260 × 256 + 256 × 18 = 66560 + 4608 = **71168**\n\n**Network B**: i2h: 282 × 256 = 72192, i2o: 282 × 18 = 5076, "
        "sum: **77268**\n\n(weights only, no bias)",
        "**Network A**: 520 × 256 + 256 × 18 = 133120 + 4608 = **137728**\n\n**Network B**: still **77268**",
    ),
    written(
        "q4_fresh_sizes_boxed",
        "LaTeX with boxed results in displays of their own.",
        "Network A:\n\n$$(26 \\cdot 10) \\times 256 + 256 + 256 \\times 18 + 18 = \\boxed{71\\,442}$$\n\nNetwork B:\n\n"
        "$$(26+256) \\times 256 + 256 + (26+256)\\times 18 + 18 = \\boxed{77\\,542}$$",
        "Network A:\n\n$$(26 \\cdot 20) \\times 256 + 256 + 256 \\times 18 + 18 = \\boxed{138\\,002}$$\n\nNetwork B: $\\boxed{77\\,542}$",
    ),
    written(
        "q4_fresh_sizes_underscores",
        "Thousands are set off by underscores, as in Python.",
        "A = 71_442 and B = 77_542",
        "A = 138_002 and B = 77_542",
    ),
    written(
        "q4_fresh_sizes_table_of_lengths",
        "A table with a row for each length, below the second marker.",
        "See the table below.",
        "| max length | Network A | Network B |\n|:--:|:--:|:--:|\n| 10 | 71,442 | 77,542 |\n| 20 | 138,002 | 77,542 |\n\n"
        "Fully connected networks grow with the length, recurrent ones do not.",
    ),
    written(
        "q4_fresh_sizes_increase",
        "The growth of A is named first, then its new size.",
        A_AND_B,
        "The first layer of network A gets 10 · 26 · 256 = 66,560 more weights, so that A grows from 71,442 to 138,002. "
        "Network B's size is invariant with respect to the length.",
    ),
    written(
        "q4_fresh_sizes_torchsummary_total",
        "A summary printed the totals, and the text repeats nothing.",
        (
            ran(
                "for net in (NetA(), RNNCell(26, 256, 18)):\n    print(type(net).__name__)\n"
                "    print(f'Total params: {sum(p.numel() for p in net.parameters()):,}')",
                "NetA\nTotal params: 71,442\nRNNCell\nTotal params: 77,542\n",
            ),
            "Network A and B have the totals above: inputs times outputs plus biases of each layer.",
        ),
        "For 20 letters Network A has 138,002 and Network B has the same number as before, it is shared over time.",
    ),
    written(
        "q4_fresh_sizes_variables",
        "Formulas with letters that are filled in.",
        "Let $n=10$, $v=26$, $h=256$, $o=18$.\n\n- A: $nvh + h + ho + o = 10\\cdot26\\cdot256+256+256\\cdot18+18 = 71442$\n"
        "- B: $(v+h)h + h + (v+h)o + o = 77542$",
        "With $n=20$:\n\n- A: $nvh + h + ho + o = 138002$\n- B does not contain $n$, so nothing changes: $77542$",
    ),
    written(
        "q4_fresh_sizes_bullets_in_bullets",
        "Lists within lists, one with a total at its end.",
        "- Network A\n  - fc1: 260*256 + 256 = 66816\n  - fc2: 256*18 + 18 = 4626\n  - total: 71442\n- Network B\n"
        "  - i2h: (26 + 256)*256 + 256 = 72448\n  - i2o: (26 + 256)*18 + 18 = 5094\n  - total: 77542",
        "- Network A\n  - fc1: 520*256 + 256 = 133376\n  - fc2: 4626 (as before)\n  - total: 138002\n- Network B\n  - total: 77542, "
        "as before",
    ),
    written(
        "q4_fresh_sizes_german_points",
        "A German answer with points between the thousands.",
        "Netz A hat 260·256 + 256 + 256·18 + 18 = 71.442 Parameter, Netz B (26+256)·256 + 256 + (26+256)·18 + 18 = 77.542.",
        "Bei 20 Buchstaben hat Netz A 138.002 Parameter, bei Netz B ändert sich nichts.",
    ),
    written(
        "q4_fresh_sizes_only_products_at_20",
        "The second answer is a product without its value, and B is constant.",
        A_AND_B,
        "A: (20*26)*256 + 256 + 256*18 + 18. B: constant.",
    ),
    written(
        "q4_fresh_sizes_code_returns",
        "A function of the length is called in two cells, and shows its value.",
        (
            ran(
                "def network_a(length): return (26 * length + 1) * 256 + (256 + 1) * 18\n"
                "def network_b(length): return (26 + 256 + 1) * (256 + 18)\n{'A': network_a(10), 'B': network_b(10)}",
                value="{'A': 71442, 'B': 77542}",
            ),
        ),
        (ran("{'A': network_a(20), 'B': network_b(20)}", value="{'A': 138002, 'B': 77542}"), "A nearly doubles, B stays as it is."),
    ),
    written(
        "q4_fresh_sizes_words_between",
        "Long sentences with the sizes of layers between the name and its total.",
        "For network A, the padded and flattened name is a vector of 260 numbers. The first fully connected layer therefore has 66,560 "
        "weights and 256 biases, the second one 4,608 weights and 18 biases. This makes 71,442 trainable parameters.\n\n"
        "For network B, each of the two linear layers sees 282 numbers, which makes 72,192 + 256 and 5,076 + 18, or 77,542 trainable "
        "parameters.",
        "The only thing that changes is the first layer of network A, which now has 133,120 weights. Network A then has 138,002 "
        "parameters. The recurrent network reads more letters with the same 77,542 parameters.",
    ),
)
CASES: tuple[Case, ...] = (*MOMENTS, *SIZES)
