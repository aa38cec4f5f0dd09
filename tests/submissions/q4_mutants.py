"""Mistakes in question 4, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions import q4_fresh_mutants
from submissions.case import Case
from submissions.q4_answers import A20, B20, PICK, A, B, moment, sizes
from submissions.q4_sizes_mistaken import MISTAKEN

SAME = "A: 138,002. B stays the same."
MOMENTS: tuple[Case, ...] = (
    moment("q4_moment_one", "A bare 1.", "1", fails=PICK),
    moment("q4_moment_three", "A bare 3.", "3.", fails=PICK),
    moment(
        "q4_moment_option_1",
        "Option 1 with a reason.",
        "Option 1. Otherwise the network forgets what it has learned about names.",
        fails=PICK,
    ),
    moment("q4_moment_option_3", "Option 3 with a reason.", "Option 3, after each epoch, because then all names were seen.", fails=PICK),
    moment("q4_moment_epoch_words", "An epoch in words.", "It should be set back at the end of every epoch.", fails=PICK),
    moment("q4_moment_all_names", "All names in words.", "After all names have been processed.", fails=PICK),
    moment(
        "q4_moment_beginning",
        "The beginning in words.",
        "Only once, at the beginning of training, so that the information of all names is kept.",
        fails=PICK,
    ),
    moment("q4_moment_third", "An ordinal.", "The third one.", fails=PICK),
    moment(
        "q4_moment_first_choice",
        "An ordinal, and the second is excluded.",
        "The first option. Option 2 would throw away what it knows.",
        fails=PICK,
    ),
    moment("q4_moment_not_two", "Option 2 is negated.", "Not after each name, but after each epoch.", fails=PICK),
    moment("q4_moment_german_epoch", "An epoch in German.", "Nach jeder Epoche, weil dann alle Namen gesehen wurden.", fails=PICK),
    moment("q4_moment_german_one", "The beginning in German.", "Möglichkeit 1, nur einmal vor dem Training.", fails=PICK),
    moment("q4_moment_empty", "Nothing below the third marker.", "", fails=PICK),
    moment("q4_moment_two_picks", "Two options are picked.", "Either option 1 or option 2 would work.", reviews=PICK),
    moment("q4_moment_depends", "No option is picked.", "It depends on what the network is used for.", reviews=PICK),
    moment("q4_moment_after_letter", "Another moment is named.", "After each letter.", fails=PICK),
)
NUMBERS: tuple[Case, ...] = (
    sizes("q4_b_as_nn_rnn", "B is counted as nn.RNN with two bias vectors.", "A: 71,442. B: 77,330.", "A: 138,002. B: 77,330.", fails=(B,)),
    sizes("q4_b_one_bias", "B lacks a bias vector.", "A: 71,442. B: 77,074.", "A: 138,002. B: 77,074.", fails=(B,)),
    sizes("q4_b_no_bias_rnn", "B is counted as nn.RNN without biases.", "A: 71,168. B: 76,800.", "A: 137,728. B: 76,800.", fails=(B,)),
    sizes("q4_b_wrong_then_the_same", "B is wrong and stays the same.", "A: 71,442. B: 77,330.", SAME, fails=(B,)),
    sizes(
        "q4_b_wrong_then_right",
        "B is wrong at 10 characters and right at 20.",
        "A: 71,442. B: 77,330.",
        "A: 138,002. B: 77,542.",
        fails=(B,),
    ),
    sizes("q4_swapped", "A and B are swapped.", "A: 77,542. B: 71,442.", SAME, fails=(A, B)),
    sizes(
        "q4_swapped_in_words",
        "A and B are swapped in a sentence.",
        "Network A has 77,268 parameters and network B has 71,168.",
        "A: 137,728. B stays the same.",
        fails=(A, B),
    ),
    sizes("q4_a_unchanged", "Neither network is said to change.", "A: 71,442. B: 77,542.", "Both stay the same.", fails=(A20,)),
    sizes(
        "q4_a_unchanged_by_number", "A keeps its number at 20 characters.", "A: 71,442. B: 77,542.", "A: 71,442. B: 77,542.", fails=(A20,)
    ),
    sizes("q4_a_doubled", "A's number is doubled at 20 characters.", "A: 71,442. B: 77,542.", "A: 142,884. B: 77,542.", fails=(A20,)),
    sizes("q4_b_doubled", "B's number is doubled at 20 characters.", "A: 71,442. B: 77,542.", "A: 138,002. B: 155,084.", fails=(B20,)),
    sizes("q4_b_grows", "B is said to grow.", "A: 71,442. B: 77,542.", "A: 138,002. B grows as well, to 84,198.", fails=(B20,)),
    sizes(
        "q4_both_doubled",
        "Both numbers are doubled.",
        "A: 71,442. B: 77,542.",
        "Both double: A has 142,884 and B has 155,084.",
        fails=(A20, B20),
    ),
    sizes("q4_a_slip", "Two digits of A are exchanged.", "A: 74,142. B: 77,542.", fails=(A,)),
    sizes("q4_a_carried", "A slip in A is carried on.", "A: 71,424. B: 77,542.", "A: 137,984. B: 77,542.", fails=(A,)),
    sizes(
        "q4_a_without_second_layer",
        "A lacks its second layer, at both lengths.",
        "A: 66,816. B: 77,542.",
        "A: 133,376. B: 77,542.",
        fails=(A,),
    ),
    sizes(
        "q4_a_one_bias_only",
        "A lacks the second layer's biases, at both lengths.",
        "A: 71,424. B: 77,542.",
        "A: 137,984. B: 77,542.",
        fails=(A,),
    ),
    sizes("q4_a_tenfold", "A is ten times as large.", "A: 714,420. B: 77,542.", SAME, fails=(A,)),
    sizes("q4_b_tenfold", "B is ten times as large.", "A: 71,442. B: 775,420.", SAME, fails=(B,)),
    sizes(
        "q4_b_times_length",
        "B's weights are counted once for each letter.",
        "A: 71,442. B: 775,420.",
        "A: 138,002. B: 1,550,840.",
        fails=(B, B20),
    ),
    sizes("q4_only_a", "B is not answered.", "Network A has 71,442 parameters.", "Network A has 138,002 parameters.", fails=(B, B20)),
    sizes("q4_only_b", "A is not answered.", "Network B has 77,542 parameters.", "Network B still has 77,542 parameters.", fails=(A, A20)),
    sizes(
        "q4_no_numbers",
        "Words only.",
        "Network B has a few more parameters than network A.",
        "A grows with the length, B stays the same.",
        fails=(A, B, A20),
    ),
    sizes("q4_nothing", "4.2 is not answered.", "", "", fails=(A, B, A20, B20)),
    sizes("q4_second_empty", "The second part of 4.2 is not answered.", "A: 71,442. B: 77,542.", "", fails=(A20, B20)),
    sizes("q4_first_empty", "The first part of 4.2 is not answered.", "", "A would grow, B would stay the same.", fails=(A, B, A20)),
    sizes(
        "q4_sizes_of_the_question",
        "Only the question's own numbers are named.",
        "10 letters, 26 entries each, 256 hidden and 18 output units.",
        "20 letters, so 520 inputs. B does not change.",
        fails=(A, B, A20),
    ),
    sizes(
        "q4_table_with_nn_rnn",
        "A table with a wrong B.",
        "| | A | B |\n|---|---|---|\n| 10 | 71,442 | 77,330 |\n| 20 | 138,002 | 77,330 |",
        "See the table.",
        fails=(B,),
    ),
    sizes(
        "q4_latex_with_wrong_a", "LaTeX with a wrong A.", r"$A = 260 \cdot 256 \cdot 18 = 1{,}198{,}080$, $B = 77{,}542$", SAME, fails=(A,)
    ),
    sizes(
        "q4_printed_nn_rnn",
        "Code prints nn.RNN's count.",
        "See below.",
        "See below. B stays the same.",
        fails=(B,),
        printed=("print(count)", "Network A: 71442\nNetwork B: 77330\nNetwork A: 138002\nNetwork B: 77330\n"),
    ),
    sizes("q4_embedding", "B is counted with 27 letters.", "A: 71,442. B: 77,816.", SAME, fails=(B,)),
    sizes(
        "q4_output_from_hidden",
        "B's output is counted from the hidden state only.",
        "A: 71,442. B: 282*256 + 256 + 256*18 + 18 = 77,074.",
        SAME,
        fails=(B,),
    ),
    sizes(
        "q4_a_19_languages",
        "A is counted with 19 languages, at both lengths.",
        "A: 71,699. B: 77,542.",
        "A: 138,259. B: 77,542.",
        fails=(A,),
    ),
    sizes("q4_a_at_20_slip", "A at 20 characters has a slip.", "A: 71,442. B: 77,542.", "A: 138,020. B: 77,542.", fails=(A20,)),
    sizes("q4_a_at_20_growth_wrong", "A grows by one letter only.", "A: 71,442. B: 77,542.", "A: 78,098. B: 77,542.", fails=(A20,)),
    sizes("q4_b_smaller_later", "B shrinks.", "A: 71,442. B: 77,542.", "A: 138,002. B: 70,000.", fails=(B20,)),
    sizes(
        "q4_a_the_same_and_b_grows",
        "The wrong network grows.",
        "A: 71,442. B: 77,542.",
        "A stays at 71,442, B increases to 144,102.",
        fails=(A20, B20),
    ),
)
CASES: tuple[Case, ...] = (*MOMENTS, *NUMBERS, *MISTAKEN, *q4_fresh_mutants.CASES)
