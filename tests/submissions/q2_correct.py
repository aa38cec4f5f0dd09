"""Correct ways to answer question 2: every check must pass."""

from __future__ import annotations

from submissions.case import Case, insert_after, replace
from submissions.q2_fresh_correct import CASES as FRESH
from submissions.q2_written import FULL_BATCH, OWN_DATA, RANDOM_SPLIT, TWO_CLASSES, written
from submissions.q2_written_more import BIG_SLICES, FRESH_ROWS, LOGGED_SELDOM, PUT_BACK, TEMPLATES

CASES: tuple[Case, ...] = (
    Case("q2_solution", "The solution itself.", 2, ()),
    Case("q2_two_classes", "Two classes, loaders, a running training accuracy in percent.", 2, (written(TWO_CLASSES),)),
    Case("q2_full_batch", "200 full-batch steps, an embedding, time first, one grid of axes.", 2, (written(FULL_BATCH),)),
    Case("q2_random_split", "One data set split at random, closures, labels given to legend().", 2, (written(RANDOM_SPLIT),)),
    Case("q2_own_data", "A data set of the student's own, slices of it, nn.ModuleDict, single plots.", 2, (written(OWN_DATA),)),
    Case("q2_logged_seldom", "One epoch of 45,000 rows, logged every 100 steps; no class around the layers.", 2, (written(LOGGED_SELDOM),)),
    Case("q2_big_slices", "45,000 and 5,000 rows are sliced from one data set; one axes a length.", 2, (written(BIG_SLICES),)),
    Case("q2_fresh_rows", "New rows for every step, pandas plots, two linear layers.", 2, (written(FRESH_ROWS),)),
    Case("q2_templates", "Copies of templates that stay untrained, a loss by hand, twin axes.", 2, (written(TEMPLATES),)),
    Case("q2_put_back", "The first weights are put back for each length; one figure for each quantity.", 2, (written(PUT_BACK),)),
    Case(
        "q2_full_size_logs",
        "The solution with logs every 100 steps.",
        2,
        (replace("len(losses) % 10 == 0", "len(losses) % 100 == 0"),),
    ),
    Case(
        "q2_moving_average",
        "The loss curves are smoothed over 50 steps.",
        2,
        (
            replace(
                "left.plot(range(1, len(losses) + 1), losses,",
                'smooth = np.convolve(losses, np.ones(50) / 50, mode="valid")\n        left.plot(range(50, 50 + len(smooth)), smooth,',
            ),
        ),
    ),
    Case(
        "q2_loss_of_epochs",
        "One loss an epoch, and German words at the axes.",
        2,
        (
            replace(
                "losses.append(batch_loss.item())",
                "losses.append(batch_loss.item()) if len(losses) % 4 else losses.append(float(batch_loss))",
            ),
            replace(
                'title=f"loss, sequence length {seq_length}", xlabel="training steps", ylabel="cross entropy"',
                'title=f"Länge {seq_length}", xlabel="Schritte", ylabel="Verlust"',
            ),
            replace(
                'title=f"accuracy, sequence length {seq_length}", xlabel="training steps", ylabel="accuracy"',
                'title=f"Länge {seq_length}", xlabel="Schritte", ylabel="Genauigkeit"',
            ),
            replace('{name}, training"', '{name}, Training"'),
            replace('{name}, validation"', '{name}, Validierung"'),
        ),
    ),
    Case(
        "q2_two_wide_layers",
        "A wider head with dropout, the same for both, and an embedding by a linear layer.",
        2,
        (
            replace(
                "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM)",
                "network = Adder(use_LSTM)",
            ),
            insert_after(
                'print("5 + 1 ="',
                """class Adder(nn.Module):
    def __init__(self, lstm):
        super().__init__()
        self.embed = nn.Linear(11, 128)
        self.body = (nn.LSTM if lstm else nn.RNN)(128, 128, 2, batch_first=True, dropout=0.1)
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(128, 19))

    def forward(self, x):
        return self.head(self.body(torch.relu(self.embed(x)))[0].select(1, -1))""",
            ),
        ),
    ),
    Case(
        "q2_both_layers_in_one",
        "Each network holds an RNN and an LSTM and uses one of them; the head was made before an embedding.",
        2,
        (
            replace(
                "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM)",
                "network = Either(use_LSTM)",
            ),
            insert_after(
                'print("5 + 1 ="',
                """class Either(nn.Module):
    def __init__(self, use_lstm):
        super().__init__()
        self.head = nn.Linear(128, 19)
        self.embed = nn.Linear(11, 32)
        self.rnn = nn.RNN(32, 128, 2, batch_first=True)
        self.lstm = nn.LSTM(32, 128, 2, batch_first=True)
        self.use_lstm = use_lstm

    def forward(self, x):
        layer = self.lstm if self.use_lstm else self.rnn
        return self.head(layer(self.embed(x))[0][:, -1])""",
            ),
        ),
    ),
    *FRESH,
)
