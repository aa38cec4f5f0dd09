"""Right answers to 4.2 that code cells compute, print or hold as comments."""

from __future__ import annotations

from submissions.case import Case
from submissions.q4_answers import ran, written

LATER = "Network A has 138,002 parameters then, network B still 77,542."

COMPUTED: tuple[Case, ...] = (
    written(
        "q4_written_code_cells",
        "Code cells behind the markers compute and print the numbers.",
        (
            ran(
                (
                    "input_size = 26 * 10\nA = input_size*256 + 256 + 256*18 + 18\nB = (26+256)*256 + 256 + (26+256)*18 + 18\n"
                    "print('Network A:', A)\nprint('Network B:', B)"
                ),
                "Network A: 71442\nNetwork B: 77542\n",
            ),
        ),
        (
            ran(
                (
                    "A20 = 20*26*256 + 256 + 256*18 + 18\nprint('Network A with 20 characters:', A20)\n"
                    "print('Network B with 20 characters:', B)"
                ),
                "Network A with 20 characters: 138002\nNetwork B with 20 characters: 77542\n",
            ),
            "A grows, B does not.",
        ),
    ),
    written(
        "q4_written_code_torch_count",
        "Modules are built and their parameters counted.",
        (
            "I counted them with PyTorch:",
            ran(
                (
                    "netA = nn.Sequential(nn.Linear(260, 256), nn.ReLU(), nn.Linear(256, 18))\n"
                    "class RNNCell(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
                    "        self.i2h = nn.Linear(26 + 256, 256)\n        self.i2o = nn.Linear(26 + 256, 18)\n"
                    "netB = RNNCell()\ncount = lambda m: sum(p.numel() for p in m.parameters())\n"
                    'print(f"Network A: {count(netA):,}")\nprint(f"Network B: {count(netB):,}")'
                ),
                "Network A: 71,442\nNetwork B: 77,542\n",
            ),
        ),
        (
            ran(
                ("netA = nn.Sequential(nn.Linear(520, 256), nn.ReLU(), nn.Linear(256, 18))\nprint(f'Network A: {count(netA):,}')"),
                "Network A: 138,002\n",
            ),
            "Network B does not change since it reads one letter at a time.",
        ),
    ),
    written(
        "q4_written_code_comment_answers",
        "The answers are comments of code cells.",
        (
            ran(
                "# Network A\n# 260*256 + 256 + 256*18 + 18 = 71442 parameters\n"
                "# Network B\n# (26+256)*256 + 256 + (26+256)*18 + 18 = 77542 parameters"
            ),
        ),
        (ran("# Network A: 520*256 + 256 + 256*18 + 18 = 138002\n# Network B: still 77542, it is independent of the length"),),
    ),
    written(
        "q4_written_last_expression_tuple",
        "The numbers are the value of a code cell.",
        (
            "Parameters of A and of B:",
            ran("(260*256+256+256*18+18, 282*256+256+282*18+18)", value="(71442, 77542)"),
        ),
        LATER,
    ),
    written(
        "q4_written_f_string_code_in_one",
        "One loop prints all four numbers.",
        (
            ran(
                (
                    "for L in (10, 20):\n    a = 26*L*256 + 256 + 256*18 + 18\n    b = (26+256)*256 + 256 + (26+256)*18 + 18\n"
                    "    print(f'L={L}: A={a}, B={b}')"
                ),
                "L=10: A=71442, B=77542\nL=20: A=138002, B=77542\n",
            ),
        ),
        "See the output above: A grows, B stays the same.",
    ),
    written(
        "q4_written_torchinfo_like",
        "Code prints totals with the networks' letters.",
        (ran("print('total A', 71442)\nprint('total B', 77542)", "total A 71442\ntotal B 77542\n"),),
        "Network A (20 characters): 138002. Network B (20 characters): 77542.",
    ),
    written(
        "q4_written_df_output",
        "A data frame holds the numbers.",
        (
            ran(
                "import pandas as pd\npd.DataFrame({'A': [71442, 138002], 'B': [77542, 77542]}, index=[10, 20])",
                value="         A      B\n10   71442  77542\n20  138002  77542",
            ),
        ),
        "see table",
    ),
    written(
        "q4_written_torchsummary_two_cells",
        "A summary's table of layers was printed.",
        (
            ran(
                "summary(NetA(), (260,))",
                (
                    "----------------------------------------------------------------\n"
                    "        Layer (type)               Output Shape         Param #\n"
                    "================================================================\n"
                    "            Linear-1                  [-1, 256]          66,816\n"
                    "            Linear-2                   [-1, 18]           4,626\n"
                    "================================================================\n"
                    "Total params: 71,442\nTrainable params: 71,442\nNon-trainable params: 0\n"
                ),
            ),
            "Network B has (26+256)*256+256+(26+256)*18+18 = 77,542 parameters.",
        ),
        LATER,
    ),
    written(
        "q4_written_only_code_unexecuted",
        "The sums stand in code that was not run.",
        (ran("network_a = 260 * 256 + 256 + 256 * 18 + 18  # 71442\nnetwork_b = 282 * 256 + 256 + 282 * 18 + 18  # 77542"),),
        LATER,
    ),
)
