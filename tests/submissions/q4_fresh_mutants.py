"""Mistakes in question 4 as students make them, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import A20, B20, PICK, A, B, moment, ran, written

LATER = "Network A has 138,002 parameters then, network B still 77,542."
SAME_B = "Network A has 138,002 parameters then. Network B does not change."

MOMENTS: tuple[Case, ...] = (
    moment(
        "q4_fresh_wrong_moment_epoch_forgets",
        "The epoch, because the second option would forget.",
        "Once the epoch is over. If we did it after each name, the network would forget what it has learned from the names before.",
        fails=PICK,
    ),
    moment(
        "q4_fresh_wrong_moment_two_is_wrong",
        "The second option is called wrong.",
        "2 would be wrong because then nothing is remembered, so 3.",
        fails=PICK,
    ),
    moment(
        "q4_fresh_wrong_moment_start",
        "The very start of training.",
        "At the very start of training and never again, the network needs its memory.",
        fails=PICK,
    ),
    moment("q4_fresh_wrong_moment_keycap", "The third option as a keycap.", "3️⃣", fails=PICK),
    moment("q4_fresh_wrong_moment_c", "The third letter.", "c) because an epoch is one pass over the data", fails=PICK),
    moment(
        "q4_fresh_wrong_moment_whole_data_set",
        "The whole data set.",
        "When the whole data set has been processed once, so that information of all names can be used.",
        fails=PICK,
    ),
    moment(
        "q4_fresh_wrong_moment_french",
        "A French answer that names the epoch.",
        "Après chaque époque, quand tous les noms ont été vus.",
        fails=PICK,
    ),
    moment(
        "q4_fresh_wrong_moment_number_and_reason",
        "Option 1, with a reason that names the names.",
        "Option 1. Between names the hidden state should be kept, as each name improves it.",
        fails=PICK,
    ),
)
SIZES: tuple[Case, ...] = (
    written(
        "q4_fresh_wrong_b_77330",
        "B is counted by building nn.RNN and a linear layer.",
        (
            ran(
                "net_b = nn.ModuleList([nn.RNN(26, 256), nn.Linear(256, 18)])\n"
                "net_a = nn.Sequential(nn.Linear(260, 256), nn.Linear(256, 18))\n"
                "for name, net in {'Network A': net_a, 'Network B': net_b}.items():\n"
                "    print(name, sum(p.numel() for p in net.parameters()))",
                "Network A 71442\nNetwork B 77330\n",
            ),
        ),
        SAME_B,
        fails=(B,),
    ),
    written(
        "q4_fresh_wrong_b_77074",
        "B's hidden layer is input, state and one bias, and its output comes from the state.",
        "Network A: $260\\cdot256+256+256\\cdot18+18=71{,}442$\n\nNetwork B: $26\\cdot256+256\\cdot256+256+256\\cdot18+18=77{,}074$",
        SAME_B,
        fails=(B,),
    ),
    written(
        "q4_fresh_wrong_b_76800",
        "B without biases and with the output from the state.",
        "| | A | B |\n|---|---|---|\n| parameters | 71,168 | 76,800 |",
        "| | A | B |\n|---|---|---|\n| parameters | 137,728 | 76,800 |",
        fails=(B,),
    ),
    written(
        "q4_fresh_wrong_swapped_latex",
        "A and B are swapped in LaTeX.",
        "$N_A = 77{,}542$, $N_B = 71{,}442$",
        "$N_A = 138{,}002$ and $N_B$ is constant.",
        fails=(A, B),
    ),
    written(
        "q4_fresh_wrong_a_same_as_before",
        "Both are said to have as many as before.",
        "Network A: 71,442, Network B: 77,542",
        "Network A: 71,442 (the layers are the same), Network B: 77,542.",
        fails=(A20,),
    ),
    written(
        "q4_fresh_wrong_a_padding",
        "A is said not to change because names are padded.",
        "A has 71442 parameters, B has 77542.",
        "Nothing changes for network A, because names are padded anyway. B also keeps its 77542 parameters.",
        fails=(A20,),
    ),
    written(
        "q4_fresh_wrong_a_transposed",
        "Two digits of A's total are exchanged, though its parts are right.",
        "A: 66,816 + 4,626 = 71,424. B: 72,448 + 5,094 = 77,542.",
        LATER,
        fails=(A,),
    ),
    written(
        "q4_fresh_wrong_b_transposed",
        "Two digits of B's total are exchanged.",
        "Network A: 71442. Network B: 77524.",
        "Network A: 138002. Network B: unchanged.",
        fails=(B,),
    ),
    written(
        "q4_fresh_wrong_a20_transposed",
        "Two digits of A's total at 20 letters are exchanged.",
        "Network A: 71442. Network B: 77542.",
        "Network A: 130802. Network B: 77542.",
        fails=(A20,),
    ),
    written(
        "q4_fresh_wrong_b20_twice",
        "B is doubled, because it takes twice as many steps.",
        "Network A: 71442. Network B: 77542.",
        "Network A: 138002. Network B takes twice as many steps, so it has 155084 parameters.",
        fails=(B20,),
    ),
    written(
        "q4_fresh_wrong_b20_second_letter",
        "B's input grows with the length.",
        "Network A: 71442. Network B: 77542.",
        "Network A: 520*256 + 256 + 256*18 + 18 = 138002. Network B: (520+256)*256 + 256 + (520+256)*18 + 18 = 212898.",
        fails=(B20,),
    ),
    written(
        "q4_fresh_wrong_a20_twice",
        "A is exactly doubled.",
        "Network A: 71442. Network B: 77542.",
        "Network A has twice as many, 142884. Network B has the same number.",
        fails=(A20,),
    ),
    written(
        "q4_fresh_wrong_a_one_letter_alphabet",
        "A is counted with 27 letters in code.",
        (ran("a = 270*256 + 256 + 256*18 + 18\nb = 282*256 + 256 + 282*18 + 18\nprint('A', a, 'B', b)", "A 74002 B 77542\n"),),
        LATER,
        fails=(A,),
    ),
)
CASES: tuple[Case, ...] = (*MOMENTS, *SIZES)
