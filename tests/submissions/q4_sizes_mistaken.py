"""Wrong answers to 4.2 in the same styles, each with the checks that it must fail."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import A20, B20, A, B, ran, written

A_AND_B = "Network A has 71,442 parameters and network B has 77,542."
LATER = "Network A has 138,002 parameters then, network B still 77,542."

MISTAKEN: tuple[Case, ...] = (
    written(
        "q4_mistaken_b_two_biases",
        "B's hidden layer has two bias vectors.",
        "Network A: 71,442. Network B: 77,798 because the RNN has b_ih and b_hh.",
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_b_77330",
        "B is nn.RNN and a linear layer, step by step.",
        (
            "Network A: 71,442\n\nNetwork B: nn.RNN(26, 256) has 26*256 + 256*256 + 2*256 = 72,704, the output layer "
            "256*18+18 = 4,626, in all 77,330"
        ),
        "Network A: 138,002. Network B: unchanged.",
        fails=(B,),
    ),
    written(
        "q4_mistaken_b_76800_latex",
        "B in LaTeX, as nn.RNN without biases.",
        "$N_A = 260\\cdot256+256\\cdot18 = 71{,}168$ and $N_B = 26\\cdot256+256\\cdot256+256\\cdot18 = 76{,}800$",
        "$N_A = 137{,}728$, $N_B$ is unchanged",
        fails=(B,),
    ),
    written(
        "q4_mistaken_swapped_table",
        "A and B are swapped in a table.",
        "| A | B |\n|---|---|\n| 77,268 | 71,168 |",
        LATER,
        fails=(
            A,
            B,
        ),
    ),
    written(
        "q4_mistaken_swapped_both",
        "A and B are swapped in both answers.",
        "Network A: 77,542. Network B: 71,442.",
        "Network A: 77,542. Network B: 138,002.",
        fails=(
            A,
            B,
            A20,
            B20,
        ),
    ),
    written(
        "q4_mistaken_a_unchanged_words",
        "Neither network is said to depend on the length.",
        A_AND_B,
        "Neither network changes, the number of parameters does not depend on the length of the names.",
        fails=(A20,),
    ),
    written(
        "q4_mistaken_a_unchanged_table",
        "A keeps its number in a table of both lengths.",
        A_AND_B,
        "| | 10 | 20 |\n|---|---|---|\n| A | 71,442 | 71,442 |\n| B | 77,542 | 77,542 |",
        fails=(A20,),
    ),
    written(
        "q4_mistaken_b_grows_input",
        "B is counted with two letters at once.",
        A_AND_B,
        "Network A: 138,002. Network B: (52+256)*256+256 + (52+256)*18+18 = 84,666.",
        fails=(B20,),
    ),
    written(
        "q4_mistaken_b_no_output", "B lacks its output layer.", "Network A: 71,442. Network B: 282*256+256 = 72,448.", LATER, fails=(B,)
    ),
    written(
        "q4_mistaken_typo_product",
        "B's sum is right and its result is wrong.",
        "Network A: 260*256+256+256*18+18 = 71,442. Network B: 282*256+256+282*18+18 = 75,542.",
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_numbers_20_for_10",
        "A's number for 20 characters is given for 10.",
        "Network A: 138,002. Network B: 77,542.",
        LATER,
        fails=(A,),
    ),
    written(
        "q4_mistaken_10_for_20_code",
        "Code computes A with 10 characters once more.",
        A_AND_B,
        (
            ran("print('A', 10*26*256+256+256*18+18)\nprint('B', 282*256+256+282*18+18)", "A 71442\nB 77542\n"),
            "A is the same again.",
        ),
        fails=(A20,),
    ),
    written(
        "q4_mistaken_one_number_for_both",
        "Both networks are said to have A's number.",
        "Both networks have 71,442 parameters.",
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_one_number_for_both_b",
        "Both networks are said to have B's number.",
        "Network A and Network B both have 77,542 parameters.",
        LATER,
        fails=(A,),
    ),
    written(
        "q4_mistaken_shotgun",
        "Many numbers are named for each network.",
        (
            "Network A could have 71,168, 71,442, 71,424, 66,816 or 77,542 parameters; Network B could have 77,542, "
            "77,330, 77,268, 77,074 or 76,800."
        ),
        LATER,
        reviews=(
            A,
            B,
        ),
    ),
    written(
        "q4_mistaken_rounded",
        "The numbers are rounded to hundreds.",
        "Network A: about 71.4k. Network B: about 77.5k.",
        "A: 138k, B the same",
        reviews=(
            A,
            B,
            A20,
        ),
    ),
    written(
        "q4_mistaken_lstm_b",
        "B is counted as an LSTM.",
        "Network A: 71,442. Network B: 4*(26*256+256*256+256)+282*18+18 = 294,886.",
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_corrected_to_wrong",
        "B's right number is struck out and a wrong one written.",
        "Network A: 71,442. Network B: ~~77,542~~ 77,330.",
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_first_thought_right",
        "B's right number is told as a first thought.",
        ("Network A: 71,442. At first I thought Network B has 77,542 parameters, but with both biases of nn.RNN it is 77,330."),
        LATER,
        fails=(B,),
    ),
    written(
        "q4_mistaken_headings_b_wrong",
        "B is wrong below a heading of its own.",
        "#### Network A\n\ntotal: 71,442\n\n#### Network B\n\nnn.RNN: 72,704\n\nlinear: 4,626\n\ntotal: 77,330",
        LATER,
        fails=(B,),
    ),
    written("q4_mistaken_terse_wrong_b", "Two numbers without names, the second wrong.", "71442 / 77074", "138002 / 77074", fails=(B,)),
    written(
        "q4_mistaken_respectively_swapped",
        "A and B are swapped by 'respectively'.",
        "Networks A and B have 77,542 and 71,442 parameters, respectively.",
        LATER,
        fails=(
            A,
            B,
        ),
    ),
    written(
        "q4_mistaken_code_b_nn_rnn",
        "Code counts nn.RNN for B.",
        (ran("rnn = nn.RNN(26, 256)\nout = nn.Linear(256, 18)\nprint('A', n(a))\nprint('B', n(rnn) + n(out))", "A 71442\nB 77330\n"),),
        "A: 138,002, B: the same",
        fails=(B,),
    ),
    written(
        "q4_mistaken_unlabelled_prints_wrong",
        "Code prints two numbers without names, the second wrong.",
        (ran("print(n(a))\nprint(n(b))", "71442\n77330\n"),),
        "A: 138,002, B: the same",
        fails=(B,),
    ),
    written(
        "q4_mistaken_a20_is_double_table",
        "A is doubled in a table.",
        A_AND_B,
        "| | A | B |\n|---|---|---|\n| 20 letters | 142,884 | 77,542 |",
        fails=(A20,),
    ),
    written(
        "q4_mistaken_a20_unchanged_sentence",
        "A is said not to depend on the length.",
        A_AND_B,
        (
            "The number of parameters of network A does not depend on the length, as the layers stay 256 and 18: 71,442. "
            "For network B it stays 77,542."
        ),
        fails=(A20,),
    ),
    written(
        "q4_mistaken_b20_grows_no_number",
        "B is said to need more, without a number.",
        A_AND_B,
        ("Network A has 138,002 parameters, and Network B needs more, too, since it has to take twice as many steps."),
        fails=(B20,),
    ),
    written(
        "q4_mistaken_b20_not_same",
        "B is said not to stay the same.",
        A_AND_B,
        "Network A: 138,002. Network B does not stay the same, it has 84,198.",
        fails=(B20,),
    ),
    written(
        "q4_mistaken_a20_missing_second_layer",
        "A at 20 characters lacks its second layer.",
        A_AND_B,
        "Network A: 520*256+256 = 133,376. Network B: same.",
        fails=(A20,),
    ),
    written(
        "q4_mistaken_a_missing_biases_of_one",
        "A lacks the first layer's biases, at both lengths.",
        "A: 260*256+256*18+18 = 71,186. B: 77,542.",
        "A: 520*256+256*18+18 = 137,746. B: 77,542.",
        fails=(A,),
    ),
    written(
        "q4_mistaken_sum_wrong_in_line",
        "B's parts are right and added up wrongly.",
        "A: 66,816 + 4,626 = 71,442. B: 72,448 + 5,094 = 77,452.",
        "A: 138,002. B: 77,452.",
        fails=(B,),
    ),
    written(
        "q4_mistaken_total_of_both",
        "Only the sum of both networks is given.",
        "Together the networks have 148,984 parameters.",
        "A: 138,002, B: the same",
        fails=(
            A,
            B,
        ),
    ),
    written(
        "q4_mistaken_candidates",
        "Several numbers are offered with 'or'.",
        "A: 71,442 or 66,816 or 71,424. B: 77,542 or 77,330 or 77,074.",
        "A: 138,002. B: same.",
        reviews=(
            A,
            B,
        ),
    ),
    written(
        "q4_mistaken_a20_10_more", "A grows by one weight for each letter.", A_AND_B, "A: 71,442 + 10*26 = 71,702. B: 77,542.", fails=(A20,)
    ),
    written(
        "q4_mistaken_length_mixed",
        "A's numbers for the two lengths are exchanged.",
        "A: 137,728. B: 77,268.",
        "A: 71,168. B: 77,268.",
        fails=(
            A,
            A20,
        ),
    ),
    written(
        "q4_mistaken_a_input_only_26",
        "A gets one letter only.",
        "Network A: 26*256+256 + 256*18+18 = 11,538. Network B: 77,542.",
        LATER,
        fails=(A,),
    ),
    written(
        "q4_mistaken_b_gru",
        "B is counted as a GRU.",
        "A: 71,442. B has three gates: 3*(282*256+256)+256*18+18 = 221,970.",
        "A: 138,002. B: unchanged.",
        fails=(B,),
    ),
)
