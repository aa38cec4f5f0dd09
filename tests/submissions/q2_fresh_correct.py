"""More correct ways to train and compare the two networks of 2.2."""

from __future__ import annotations

from submissions.case import Case, Change, insert_after, replace
from submissions.q2_fresh_written import SAMPLERS, SIDE_BY_SIDE, SIDE_BY_SIDE_PRINTS, TRAINER, experiment
from submissions.q2_fresh_written_more import COPIED, RESET, TWO_MODULES, WHOLE_SET


def variant(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q2_fresh_{name}", about, 2, changes)


OWN_CELLS = """
class ByHand(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cells = nn.ModuleList([cell(11, 128), cell(128, 128)])
        self.head = nn.Linear(128, 19)

    def forward(self, x):
        states = [None, None]
        for t in range(x.shape[1]):
            value = x[:, t]
            for place, cell in enumerate(self.cells):
                states[place] = cell(value, states[place])
                value = states[place][0] if isinstance(states[place], tuple) else states[place]
        return self.head(value)
"""
CASES: tuple[Case, ...] = (
    variant(
        "side_by_side",
        "Both networks of a length learn from the same batches; three axes a length.",
        experiment(SIDE_BY_SIDE, prints=SIDE_BY_SIDE_PRINTS),
    ),
    variant("samplers", "One data set, two samplers, gradients gathered over two batches.", experiment(SAMPLERS)),
    variant("trainer", "A trainer class, a factory of models, rows drawn with replacement.", experiment(TRAINER)),
    variant("two_modules", "Two modules of one layer each; logits and state are returned.", experiment(TWO_MODULES)),
    variant("reset", "The parameters are drawn anew for each length; gradients are set to None.", experiment(RESET)),
    variant("copied", "The code of one length three times over.", experiment(COPIED)),
    variant("whole_set", "All rows in each step; the best weights are put back in the end.", experiment(WHOLE_SET)),
    variant(
        "emptied_after_step",
        "The gradients are emptied after a step, not before.",
        experiment(
            WHOLE_SET,
            ("        optimizer.zero_grad()\n", ""),
            ("        optimizer.step()\n", "        optimizer.step()\n        model.zero_grad(set_to_none=False)\n"),
        ),
    ),
    variant(
        "relu_and_dropout",
        "The plain RNN is one with ReLU; dropout between the layers; orthogonal weights.",
        experiment(
            SIDE_BY_SIDE,
            (
                "        self.layer = getattr(nn, rnn_type)(input_size=11, hidden_size=hidden, num_layers=layers, batch_first=True)\n",
                '        extra = {"nonlinearity": "relu"} if rnn_type == "RNN" else {}\n'
                "        self.layer = getattr(nn, rnn_type)(11, hidden, layers, batch_first=True, dropout=0.2, **extra)\n"
                "        for name, p in self.layer.named_parameters():\n"
                '            nn.init.orthogonal_(p) if "weight" in name else nn.init.zeros_(p)\n',
            ),
            prints=SIDE_BY_SIDE_PRINTS,
        ),
    ),
    variant(
        "fresh_validation",
        "New validation rows are drawn for each evaluation, and the curves are called tests.",
        experiment(
            TRAINER,
            ("self.score(self.xv, self.yv)", "self.score(*Add2DigitsDataset(500, self.xt.shape[1])[:][1:])"),
            ("Val Acc", "Test Acc"),
        ),
    ),
    variant(
        "many_short_rows",
        "So many training rows that most validation rows of length 5 are among them by chance.",
        experiment(
            WHOLE_SET,
            ("num_examples=3000", "num_examples=20_000 if seq == 5 else 3000"),
        ),
    ),
    variant(
        "probabilities_as_targets",
        "The labels are given to the loss as one-hot rows.",
        experiment(COPIED, ("loss = criterion(outputs, targets)", "loss = criterion(outputs, nn.functional.one_hot(targets, 19).float())")),
    ),
    variant(
        "loss_by_hand",
        "The cross entropy is written by hand and the rows of a batch are put in another order with their labels.",
        experiment(
            COPIED,
            (
                "        outputs = model(inputs)\n        loss = criterion(outputs, targets)\n        loss.backward()",
                "        order = torch.randperm(len(targets))\n        inputs, targets = inputs[order], targets[order]\n"
                "        outputs = model(inputs)\n"
                "        loss = -torch.log_softmax(outputs, 1)[torch.arange(len(targets)), targets].mean()\n        loss.backward()",
            ),
        ),
    ),
    variant(
        "loss_by_gather",
        "The cross entropy gathers the label's probability.",
        experiment(
            TWO_MODULES,
            ("loss = F.nll_loss(logp, y)", "loss = logp.gather(1, y.view(-1, 1)).neg().mean()"),
        ),
    ),
    variant(
        "new_rows_each_epoch",
        "The training rows are drawn anew in each epoch, and the accuracy is that on the last batch in percent.",
        experiment(
            SAMPLERS,
            ("    for ep in range(epochs):\n", "    for ep in range(epochs):\n        ds.__init__(n, L)\n"),
            ("acc_tr.append(evaluate(net, train_dl))", "acc_tr.append((net(x).argmax(1) == y).float().mean().item() * 100)"),
        ),
    ),
    variant(
        "no_recurrent_dropout_but_norm",
        "Layer normalisation before the linear layer of both.",
        replace(
            "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM).to(device)",
            "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM)\n"
            "    network.out_proj = nn.Sequential(nn.LayerNorm(128), nn.Linear(128, 19))\n"
            "    network.to(device)",
        ),
    ),
    variant(
        "plots_in_a_later_cell",
        "The curves are kept and drawn by a later cell.",
        experiment(TWO_MODULES[: TWO_MODULES.index("fig, axes = plt")]),
        insert_after("class Stacked", TWO_MODULES[TWO_MODULES.index("fig, axes = plt") :]),
    ),
    variant(
        "three_cells",
        "Each length has a cell of its own.",
        experiment(COPIED[: COPIED.index("# sequence length 10")]),
        insert_after("# sequence length 5", COPIED[COPIED.index("# sequence length 10") : COPIED.index("# sequence length 30")]),
        insert_after("# sequence length 10", COPIED[COPIED.index("# sequence length 30") :]),
    ),
    variant(
        "closing_over",
        "Names are deleted after each run, so that later networks may stand where earlier ones stood.",
        experiment(
            TRAINER,
            (
                "        h = Trainer(make(), train_data, val_data).fit()\n",
                "        t = Trainer(make(), train_data, val_data)\n        h = t.fit()\n        del t\n",
            ),
        ),
    ),
    variant(
        "own_cells",
        "Two layers of nn.RNNCell and nn.LSTMCell, stepped by hand.",
        insert_after('print("5 + 1 ="', OWN_CELLS),
        replace(
            "network = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=use_LSTM)",
            "network = ByHand(nn.LSTMCell if use_LSTM else nn.RNNCell)",
        ),
    ),
)
