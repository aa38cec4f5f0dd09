"""More mistakes in the networks and the training of 2.2, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case, Change
from submissions.q2_fresh_written import SAMPLERS, SIDE_BY_SIDE, SIDE_BY_SIDE_PRINTS, TRAINER, experiment
from submissions.q2_fresh_written_more import COPIED, RESET, TWO_MODULES, WHOLE_SET

NETWORKS = ("q2_2.networks_are_as_specified",)
LENGTHS = ("q2_2.both_are_trained_on_all_lengths",)


def mutant(fails: tuple[str, ...], name: str, about: str, *changes: Change) -> Case:
    return Case(f"q2_fresh_{name}", about, 2, changes, fails=fails)


def side_by_side(*edits: tuple[str, str]) -> Change:
    return experiment(SIDE_BY_SIDE, *edits, prints=SIDE_BY_SIDE_PRINTS)


NETWORK_MUTANTS = (
    mutant(NETWORKS, "hidden_64_by_default", "Hidden size 64.", side_by_side(("hidden=128", "hidden=64"))),
    mutant(
        NETWORKS,
        "hidden_64_of_rnn",
        "The RNN has hidden size 64.",
        experiment(WHOLE_SET, ("hidden_size=128", "hidden_size=128 if kind == 'LSTM' else 64")),
    ),
    mutant(
        NETWORKS,
        "three_modules",
        "Three modules of one layer each.",
        experiment(
            TWO_MODULES,
            ("        self.classifier", "        self.third = cell(128, 128, batch_first=True)\n        self.classifier"),
            ("        return F.log_softmax(", "        two, state = self.third(two, self.start(b))\n        return F.log_softmax("),
        ),
    ),
    mutant(
        NETWORKS,
        "one_module",
        "Only one module of one layer.",
        experiment(
            TWO_MODULES,
            ("        self.second = cell(128, 128, batch_first=True)\n", ""),
            ("        one, _ = self.first(x, self.start(b))\n        two, state = self.second(one,", "        two, state = self.first(x,"),
        ),
    ),
    mutant(NETWORKS, "gru_by_name", "A GRU for the plain RNN.", experiment(RESET, ("else nn.RNN(", "else nn.GRU("))),
    mutant(NETWORKS, "lstm_in_both_factories", "Both factories make an LSTM.", experiment(TRAINER, ("use_LSTM=False", "use_LSTM=True"))),
    mutant(NETWORKS, "state_of_the_first_layer", "The first layer's state is the answer.", side_by_side(("h_n[-1]", "h_n[0]"))),
    mutant(
        NETWORKS,
        "lstm_state_of_the_first_layer",
        "The first layer's state is the answer of the LSTM.",
        side_by_side(
            (
                "        else:\n            _, h_n = self.layer(x)\n",
                "            h_n = h_n[:1]\n        else:\n            _, h_n = self.layer(x)\n",
            ),
        ),
    ),
    mutant(
        NETWORKS,
        "output_of_the_first_module",
        "The second module is called, but the answer comes from the first.",
        experiment(
            TWO_MODULES,
            ("self.classifier(two[:, -1, :])", "self.classifier(one[:, -1, :])"),
        ),
    ),
    mutant(
        NETWORKS,
        "first_time_step",
        "The answer comes from the first time step.",
        experiment(TWO_MODULES, ("two[:, -1, :]", "two[:, 0, :]")),
    ),
    mutant(
        NETWORKS,
        "first_time_step_of_lstm",
        "The answer of the LSTM comes from the first time step.",
        experiment(
            RESET,
            ("self.out(y[-1])", "self.out(y[0] if isinstance(state, tuple) else y[-1])"),
        ),
    ),
    mutant(
        NETWORKS,
        "embeddings_of_other_sizes",
        "The LSTM's tokens are embedded in other sizes than the RNN's.",
        experiment(
            RESET,
            ("embedding_dim=32", "embedding_dim=64 if lstm else 16"),
            ("nn.LSTM(32,", "nn.LSTM(64,"),
            ("nn.RNN(32,", "nn.RNN(16,"),
        ),
    ),
)
TRAINING_MUTANTS = (
    mutant(LENGTHS, "gradients_never_emptied", "zero_grad is forgotten.", experiment(COPIED, ("        optimizer.zero_grad()\n", ""))),
    mutant(
        LENGTHS,
        "gradients_emptied_once",
        "zero_grad is called before the loop only.",
        experiment(
            TRAINER,
            ("            self.model.zero_grad()\n", ""),
            ("        for it in range(1", "        self.opt.zero_grad()\n        for it in range(1"),
        ),
    ),
    mutant(
        LENGTHS,
        "gradients_emptied_before_step",
        "zero_grad stands between backward and step.",
        experiment(
            WHOLE_SET,
            ("        optimizer.zero_grad()\n        loss.backward()\n", "        loss.backward()\n        optimizer.zero_grad()\n"),
        ),
    ),
    mutant(
        LENGTHS,
        "labels_shuffled",
        "The labels are put in another order than the rows.",
        experiment(
            TRAINER,
            ("self.xt[pick], self.yt[pick]", "self.xt[pick], self.yt[pick[torch.randperm(self.batch)]]"),
        ),
    ),
    mutant(
        LENGTHS,
        "labels_of_other_rows",
        "Rows and labels are drawn independently.",
        experiment(
            TRAINER,
            ("self.xt[pick], self.yt[pick]", "self.xt[pick], self.yt[torch.randint(0, len(self.yt), (self.batch,))]"),
        ),
    ),
    mutant(
        LENGTHS,
        "labels_rolled",
        "The labels are shifted by one row.",
        experiment(WHOLE_SET, ("criterion(out, y_train)", "criterion(out, y_train.roll(1))")),
    ),
    mutant(
        LENGTHS,
        "labels_of_another_data_set",
        "The labels come from another data set.",
        experiment(
            WHOLE_SET,
            ("loss = criterion(out, y_train)", "loss = criterion(out, other)"),
            ("    model = MyRNN(", "    other = Add2DigitsDataset(num_examples=3000, seq_length=seq).label\n    model = MyRNN("),
        ),
    ),
    mutant(
        LENGTHS,
        "last_digit_as_label",
        "The label is the row's last digit, not the sum.",
        experiment(
            COPIED,
            ("loss = criterion(outputs, targets)", "loss = criterion(outputs, inputs[:, -1].argmax(1))"),
        ),
    ),
    mutant(
        LENGTHS,
        "detached_state",
        "The recurrent layers' output is detached.",
        experiment(RESET, ("self.out(y[-1])", "self.out(y[-1].detach())")),
    ),
    mutant(
        LENGTHS,
        "optimizer_of_the_other",
        "Both optimizers get the RNN's parameters.",
        experiment(
            COPIED,
            *(
                (f"lstm_opt_{length} = torch.optim.Adam(lstm_{length}.", f"lstm_opt_{length} = torch.optim.Adam(rnn_{length}.")
                for length in (5, 10, 30)
            ),
        ),
    ),
    mutant(
        LENGTHS,
        "optimizer_of_the_classifier",
        "The optimizer gets the last layer only.",
        experiment(
            TWO_MODULES,
            ("optim.Adam(net.parameters()", "optim.Adam(net.classifier.parameters()"),
        ),
    ),
    mutant(
        LENGTHS,
        "lstm_never_steps",
        "The LSTM's optimizer never takes a step.",
        side_by_side(
            ("                opts[k].step()\n", '                if k == "RNN":\n                    opts[k].step()\n'),
        ),
    ),
    mutant(
        LENGTHS,
        "old_optimizer",
        "The optimizers were made once, for networks that are thrown away.",
        side_by_side(
            (
                "    opts = {k: torch.optim.Adam(m.parameters(), lr=1e-3) for k, m in models.items()}\n",
                "    if T == 5:\n        opts = {k: torch.optim.Adam(m.parameters(), lr=1e-3) for k, m in models.items()}\n",
            ),
        ),
    ),
    mutant(LENGTHS, "length_15_for_30", "15 for 30.", experiment(SAMPLERS, ("(5, 10, 30)", "(5, 10, 15)"))),
    mutant(
        LENGTHS,
        "length_5_copied",
        "The third copy still makes data of length 10.",
        experiment(
            COPIED,
            ("Add2DigitsDataset(3000, 30)", "Add2DigitsDataset(3000, 10)"),
            ("Add2DigitsDataset(600, 30)", "Add2DigitsDataset(600, 10)"),
        ),
    ),
    mutant(
        LENGTHS,
        "reshaped_for_transposed",
        "The axes are exchanged by view, which mixes the rows.",
        experiment(
            RESET,
            (
                "z = self.embedding(tokens + 1).permute(1, 0, 2)",
                "z = self.embedding(tokens + 1)\n        z = z.reshape(z.size(1), z.size(0), -1)",
            ),
        ),
    ),
    mutant(
        LENGTHS,
        "no_batch_first",
        "batch_first is missing, and the last place is taken.",
        experiment(
            TWO_MODULES,
            ("cell(11, 128, batch_first=True)", "cell(11, 128)"),
            ("cell(128, 128, batch_first=True)", "cell(128, 128)"),
            ("        b = x.shape[0]\n", "        b = x.shape[1]\n"),
        ),
    ),
)
CASES: tuple[Case, ...] = (*NETWORK_MUTANTS, *TRAINING_MUTANTS)
