"""Mistakes in question 2, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case, Change, replace, without_figures
from submissions.q2_fresh_mutants import CASES as FRESH
from submissions.q2_fresh_mutants_curves import CASES as FRESH_CURVES
from submissions.q2_written import FULL_BATCH, OWN_DATA, RANDOM_SPLIT, TWO_CLASSES, written
from submissions.q2_written_more import BIG_SLICES, FRESH_ROWS, PUT_BACK, TEMPLATES

NETWORKS = ("q2_2.networks_are_as_specified",)
LENGTHS = ("q2_2.both_are_trained_on_all_lengths",)
INDEPENDENT = ("q2_2.experiments_are_independent",)
LOSS = ("q2_2.shows_loss_curves",)
ACCURACY = ("q2_2.shows_accuracy_curves",)
MADE = "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM)"


def mutant(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q2_{name}", about, 2, changes, fails=fails, reviews=reviews)


NETWORK_MUTANTS = (
    mutant("hidden_64", "Hidden size 64.", replace(MADE, MADE.replace("128", "64")), fails=NETWORKS),
    mutant(
        "hidden_256",
        "Hidden size 256.",
        written(OWN_DATA.replace("(11, 128, 2)", "(11, 256, 2)").replace("nn.Linear(128", "nn.Linear(256")),
        fails=NETWORKS,
    ),
    mutant("default_layers", "One layer, by default.", replace(MADE, MADE.replace(" num_layers=2,", "")), fails=NETWORKS),
    mutant("three_layers", "Three layers.", written(OWN_DATA.replace("(11, 128, 2)", "(11, 128, 3)")), fails=NETWORKS),
    mutant(
        "lstm_of_one_layer",
        "Only the LSTM has one layer.",
        written(TWO_CLASSES.replace("nn.LSTM(n_in, n_hidden, n_layers,", "nn.LSTM(n_in, n_hidden,")),
        fails=NETWORKS,
    ),
    mutant("gru", "A GRU for the plain RNN.", written(OWN_DATA.replace('("RNN", "LSTM")', '("GRU", "LSTM")')), fails=NETWORKS),
    mutant("gru_for_lstm", "A GRU for the LSTM.", written(FRESH_ROWS.replace("nn.LSTM(", "nn.GRU(")), fails=NETWORKS),
    mutant(
        "lstm_twice",
        "The flag is not passed on, so both are LSTMs.",
        replace(MADE, MADE.replace(", use_LSTM=use_LSTM", "")),
        fails=NETWORKS,
    ),
    mutant(
        "rnn_twice",
        "Both are plain RNNs.",
        written(TWO_CLASSES.replace("self.rec = nn.LSTM(", "self.rec = nn.RNN(").replace("(hn, cn)", "hn")),
        fails=NETWORKS,
    ),
    mutant(
        "other_heads",
        "The LSTM has another head than the RNN.",
        written(
            TWO_CLASSES.replace(
                "self.fc = nn.Linear(n_hidden, n_out)\n\n    def forward(self, x):\n        out, (hn",
                "self.fc = nn.Sequential(nn.Linear(n_hidden, 50), nn.ReLU(), nn.Linear(50, n_out))\n\n"
                "    def forward(self, x):\n        out, (hn",
            )
        ),
        fails=NETWORKS,
    ),
    mutant("twenty_outputs", "20 outputs.", replace(MADE, MADE.replace("19", "20")), fails=NETWORKS),
    mutant("first_step", "The output of the first step.", written(OWN_DATA.replace("(x)[0][-1]", "(x)[0][0]")), fails=NETWORKS),
    mutant(
        "last_but_one",
        "The output of the last step but one.",
        written(TWO_CLASSES.replace("out[:, -1, :]", "out[:, -2, :]").replace("hn[-1]", "out[:, -2, :]")),
        fails=NETWORKS,
    ),
    mutant(
        "rnn_first_step",
        "Only the RNN answers from its first step.",
        written(TWO_CLASSES.replace("out[:, -1, :]", "out[:, 0, :]")),
        fails=NETWORKS,
    ),
    mutant(
        "both_directions",
        "Both networks read in both directions.",
        written(OWN_DATA.replace("(11, 128, 2)", "(11, 128, 2, bidirectional=True)").replace("nn.Linear(128", "nn.Linear(256")),
        reviews=NETWORKS,
    ),
    mutant(
        "plain_numbers",
        "The tokens are read as plain numbers.",
        replace(
            "input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use",
            "input_size=1, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use",
        ),
        replace("training.one_hot_data", "training.data.float()"),
        replace("validation.one_hot_data", "validation.data.float()"),
        reviews=NETWORKS,
    ),
)
TRAINING_MUTANTS = (
    mutant("no_steps", "No optimizer takes a step.", written(OWN_DATA.replace("                opt.step()\n", "")), fails=LENGTHS),
    mutant("no_30", "Length 30 is missing.", replace("for seq_length in (5, 10, 30):", "for seq_length in (5, 10):"), fails=LENGTHS),
    mutant("length_20", "20 for 30.", written(OWN_DATA.replace("(5, 10, 30)", "(5, 10, 20)")), fails=LENGTHS),
    mutant("only_one_length", "Only length 10.", written(TWO_CLASSES.replace("[5, 10, 30]", "[10]")), fails=LENGTHS),
    mutant(
        "rnn_without_30",
        "The RNN is not trained on length 30.",
        written(OWN_DATA.replace('for kind in ("RNN", "LSTM"):', 'for kind in ("RNN", "LSTM") if length < 30 else ("LSTM",):')),
        fails=LENGTHS,
    ),
    mutant(
        "lstm_only_30",
        "The LSTM is trained on length 30 only.",
        written(OWN_DATA.replace('for kind in ("RNN", "LSTM"):', 'for kind in ("RNN", "LSTM") if length == 30 else ("RNN",):')),
        fails=LENGTHS,
    ),
    mutant(
        "lengths_cut",
        "The rows of length 30 are cut to 10.",
        replace("training.one_hot_data.to", "training.one_hot_data[:, :10].to"),
        replace("validation.one_hot_data.to", "validation.one_hot_data[:, :10].to"),
        fails=LENGTHS,
    ),
    mutant(
        "batch_for_time",
        "The batch is taken for time.",
        written(OWN_DATA.replace("x = x.transpose(0, 1)", "pass").replace("(x)[0][-1]", "(x)[0][:, -1]")),
        fails=LENGTHS,
    ),
    mutant(
        "batch_for_time_given",
        "batch_first is missing in the class.",
        replace("num_layers=num_layers, batch_first=True", "num_layers=num_layers"),
        fails=LENGTHS,
    ),
    mutant(
        "head_only",
        "The optimizer has the linear layer's parameters only.",
        replace("torch.optim.Adam(network.parameters()", "torch.optim.Adam(network.out_proj.parameters()"),
        fails=LENGTHS,
    ),
    mutant(
        "carried_network",
        "One network a kind for all lengths, with new optimizers.",
        written(PUT_BACK.replace("net.load_state_dict(initial[who])", "pass")),
        fails=INDEPENDENT,
    ),
    mutant(
        "carried_everything",
        "One network and one optimizer a kind for all lengths.",
        written(
            TEMPLATES.replace("copy.deepcopy(templates[kind])", "templates[kind]").replace(
                "opt = torch.optim.Adam(net.parameters(), lr=2e-3)",
                "opt = net.opt = getattr(net, 'opt', None) or torch.optim.Adam(net.parameters(), lr=2e-3)",
            )
        ),
        fails=INDEPENDENT,
    ),
    mutant(
        "warm_lstm",
        "The LSTM begins with the weights of the length before.",
        written(
            FULL_BATCH.replace(
                "        opt = optim.RMSprop",
                "        if cell == 'lstm' and length > 5:\n            net.load_state_dict(last)\n"
                "        last = net.state_dict()\n        opt = optim.RMSprop",
            )
        ),
        fails=INDEPENDENT,
    ),
    mutant(
        "carried_optimizer",
        "The first weights are put back, but the optimizer goes on.",
        written(
            PUT_BACK.replace("        opt = optim.Adam(net.parameters(), 1e-3)\n", "        opt = opts[who]\n").replace(
                "history = {}\n",
                'history = {}\nopts = {"RNN": optim.Adam(rnn.parameters(), 1e-3), "LSTM": optim.Adam(lstm.parameters(), 1e-3)}\n',
            )
        ),
        fails=INDEPENDENT,
    ),
)
CURVE_MUTANTS = (
    mutant(
        "same_tensors",
        "The validation accuracy is measured on the training rows.",
        replace("accuracy(network, new_inputs, new_labels)", "accuracy(network, inputs, labels)"),
        fails=ACCURACY,
    ),
    mutant(
        "same_data_set",
        "The validation loader has the training data.",
        written(TWO_CLASSES.replace("DataLoader(ds_val, batch_size=100)", "DataLoader(ds_train, batch_size=100)")),
        fails=ACCURACY,
    ),
    mutant(
        "same_seed",
        "Training and validation rows come from one seed.",
        replace(
            "Add2DigitsDataset(10_000, seq_length), Add2DigitsDataset(1_000, seq_length)",
            "[(torch.manual_seed(1), Add2DigitsDataset(1_000, seq_length))[1] for _ in range(2)]",
        ),
        fails=ACCURACY,
    ),
    mutant("no_accuracy", "No accuracy is plotted.", replace("right.plot(", "(lambda *a, **k: None)("), fails=ACCURACY),
    mutant(
        "no_validation_curve",
        "Only the training accuracy is plotted.",
        written(OWN_DATA.replace('    plt.plot(c["val"], label="validation set")\n', "")),
        fails=ACCURACY,
    ),
    mutant(
        "no_training_curve",
        "Only the validation accuracy is plotted.",
        replace("right.plot(steps, on_training,", "(lambda *a, **k: None)(steps, on_training,"),
        fails=ACCURACY,
    ),
    mutant(
        "accuracy_of_lstm_only",
        "The accuracy is plotted for the LSTM only.",
        written(TWO_CLASSES.replace('    ax[1].plot(h["acc"]', '    if name == "RNN": continue\n    ax[1].plot(h["acc"]')),
        fails=ACCURACY,
    ),
    mutant("no_loss", "No loss is plotted.", replace("left.plot(range", "(lambda *a, **k: None)(range"), fails=LOSS),
    mutant(
        "loss_of_one_length",
        "The loss is plotted for length 5 only.",
        written(BIG_SLICES.replace('        plt.plot(a, label=who + " loss")', '        if T == 5: plt.plot(a, label=who + " loss")')),
        fails=LOSS,
    ),
    mutant(
        "no_plots",
        "Nothing is plotted.",
        written(
            RANDOM_SPLIT.split("def show(")[0]
            + "for n in (5, 10, 30):\n    print(experiment(n, False)[2][-1], experiment(n, True)[2][-1])\n"
        ),
        without_figures("def experiment(seq_len"),
        fails=(*LOSS, *ACCURACY),
    ),
)
CASES: tuple[Case, ...] = (*NETWORK_MUTANTS, *TRAINING_MUTANTS, *CURVE_MUTANTS, *FRESH, *FRESH_CURVES)
