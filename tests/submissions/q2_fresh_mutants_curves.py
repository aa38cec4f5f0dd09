"""More mistakes in what 2.2 compares and draws, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case
from submissions.q2_fresh_mutants import mutant, side_by_side
from submissions.q2_fresh_written import SAMPLERS, TRAINER, experiment
from submissions.q2_fresh_written_more import COPIED, RESET, TWO_MODULES, WHOLE_SET

INDEPENDENT = ("q2_2.experiments_are_independent",)
LOSS = ("q2_2.shows_loss_curves",)
ACCURACY = ("q2_2.shows_accuracy_curves",)

INDEPENDENCE_MUTANTS = (
    mutant(
        INDEPENDENT,
        "models_made_once",
        "The networks are made once, with new optimizers for each length.",
        side_by_side(
            (
                '    models = {"RNN": Net("RNN"), "LSTM": Net("LSTM")}\n',
                '    models = globals().get("models") or {"RNN": Net("RNN"), "LSTM": Net("LSTM")}\n',
            ),
        ),
    ),
    mutant(
        INDEPENDENT, "never_reset", "The networks go on from one length to the next.", experiment(RESET, ("        net.apply(reset)\n", ""))
    ),
    mutant(
        INDEPENDENT,
        "optimizers_made_once",
        "The parameters are drawn anew, but the optimizers go on.",
        experiment(
            RESET,
            ("        opt = torch.optim.NAdam(net.parameters(), lr=1e-3)\n", "        opt = opts[who]\n"),
            ("records = []\n", "records = []\nopts = {who: torch.optim.NAdam(net.parameters(), lr=1e-3) for who, net in nets.items()}\n"),
        ),
    ),
    mutant(
        INDEPENDENT,
        "from_a_file",
        "Each network begins with the weights that were saved after the length before.",
        experiment(
            COPIED,
            *(
                (
                    f"{kind}_opt_{new} = torch.optim.Adam(",
                    f"{kind}_{new}.load_state_dict(torch.load('{kind}.pt'))\n{kind}_opt_{new} = torch.optim.Adam(",
                )
                for new in (10, 30)
                for kind in ("rnn", "lstm")
            ),
            *(
                (
                    f"# sequence length {new}\n",
                    "".join(f"torch.save({kind}_{old}.state_dict(), '{kind}.pt')\n" for kind in ("rnn", "lstm"))
                    + f"# sequence length {new}\n",
                )
                for old, new in ((5, 10), (10, 30))
            ),
        ),
    ),
)
VALIDATION_MUTANTS = (
    mutant(
        ACCURACY,
        "loader_over_training_set",
        "The validation loader shuffles the training set.",
        experiment(
            COPIED,
            *(
                (
                    f"val_{n} = DataLoader(Add2DigitsDataset(600, {n}), batch_size)",
                    f"val_{n} = DataLoader(train_{n}.dataset, batch_size, shuffle=True)",
                )
                for n in (5, 10, 30)
            ),
        ),
    ),
    mutant(
        ACCURACY,
        "shuffled_slice",
        "The validation rows are a random slice of the training rows.",
        experiment(
            WHOLE_SET,
            (
                "    _, X_val, y_val = Add2DigitsDataset(num_examples=1000, seq_length=seq)[:]\n",
                "    some = torch.randperm(len(y_train))[:1000]\n    X_val, y_val = X_train[some], y_train[some]\n",
            ),
        ),
    ),
    mutant(
        ACCURACY,
        "first_rows",
        "The validation rows are the first of the training rows.",
        experiment(
            TWO_MODULES,
            ("val_x, val_y = Add2DigitsDataset(500, T)[:][1:]", "val_x, val_y = train_x[:500], train_y[:500]"),
        ),
    ),
    mutant(
        ACCURACY,
        "sampler_over_everything",
        "The training sampler draws from all rows, also those of the validation.",
        experiment(
            SAMPLERS,
            ("SubsetRandomSampler(order[:cut])", "SubsetRandomSampler(order)"),
        ),
    ),
    mutant(
        ACCURACY,
        "trained_on_validation",
        "Training takes the validation rows; both sets are evaluated.",
        experiment(
            COPIED,
            *(
                (f"append(train_model({kind}_{n}, train_{n},", f"append(train_model({kind}_{n}, val_{n},")
                for n in (5, 10, 30)
                for kind in ("rnn", "lstm")
            ),
        ),
    ),
    mutant(
        ACCURACY,
        "trained_on_both",
        "Training takes the validation rows too.",
        experiment(SAMPLERS, ("enumerate(train_dl)", "enumerate([*train_dl, *valid_dl])")),
    ),
    mutant(
        ACCURACY,
        "one_list_twice",
        "The training accuracy is drawn under both names.",
        experiment(
            TWO_MODULES,
            ("axes[1][i].plot(val_accs[i][j]", "axes[1][i].plot(train_accs[i][j]"),
        ),
    ),
    mutant(
        ACCURACY,
        "validation_loss_for_accuracy",
        "The validation's loss is drawn for its accuracy.",
        experiment(
            WHOLE_SET,
            (
                'ax[1].plot(np.arange(steps), v_accs, "b", label="validation")',
                'ax[0].plot(np.arange(steps), v_losses, "g", label="validation again")',
            ),
        ),
    ),
    mutant(
        ACCURACY,
        "training_accuracy_only",
        "Only the training accuracy is drawn.",
        side_by_side(
            ('        axs[2].plot(hist[T][k]["val"], label=k)\n', ""),
            ("plt.subplots(1, 3, figsize=(15, 4))", "plt.subplots(1, 2, figsize=(10, 4))"),
            ('("Loss", "Training accuracy", "Validation accuracy")', '("Loss", "Training accuracy")'),
        ),
    ),
    mutant(
        ACCURACY,
        "accuracy_of_the_last_length",
        "The accuracy is drawn for length 30 only.",
        experiment(
            RESET,
            ('    for what in ("loss", "accuracy"):\n', '    for what in ("loss", "accuracy") if length == 30 else ("loss",):\n'),
        ),
    ),
    mutant(
        ACCURACY,
        "bars_of_final_accuracies",
        "Only the final accuracies are drawn, as bars.",
        experiment(
            TWO_MODULES,
            ('        axes[1][i].plot(train_accs[i][j], linestyle="dashed", label=f"{name} (train)")\n', ""),
            (
                'axes[1][i].plot(val_accs[i][j], label=f"{name} (validation)")',
                'axes[1][i].bar([3 * j, 3 * j + 1], [train_accs[i][j][-1], val_accs[i][j][-1]], label=f"{name} (train, validation)")',
            ),
        ),
    ),
)
LOSS_MUTANTS = (
    mutant(
        LOSS,
        "loss_of_the_rnn_only",
        "The loss is drawn for the RNN only.",
        experiment(
            COPIED,
            *(
                (f"plt.plot(range(1, n_epochs + 1), lstm_losses_{n})\nplt.legend(['RNN', 'LSTM'])\n", "plt.legend(['RNN'])\n")
                for n in (5, 10, 30)
            ),
        ),
    ),
    mutant(
        LOSS,
        "one_loss_twice",
        "The RNN's loss is drawn under both names.",
        experiment(SAMPLERS, ("plt.plot(lstm_loss,", "plt.plot(rnn_loss,")),
    ),
    mutant(
        LOSS,
        "loss_printed_only",
        "The loss is kept, but only the accuracies are drawn.",
        experiment(
            WHOLE_SET,
            ("plt.subplots(1, 2, figsize=(20, 6))", "plt.subplots(1, 2, figsize=(20, 6)); fig.delaxes(ax[0])"),
            ('    ax[0].plot(np.arange(steps), losses, "r", label="train")\n', ""),
            ('    ax[0].plot(np.arange(steps), v_losses, "b", label="validation")\n', ""),
            ('    ax[0].set_title("Loss for model {} with Seq {}".format(kind, seq))\n', ""),
            ("    for one in ax:\n        one.legend()\n", "    ax[1].legend()\n"),
        ),
    ),
    mutant(
        LOSS,
        "accuracy_for_loss",
        "The axes of the loss hold the validation accuracy again.",
        side_by_side(
            ('axs[0].plot(hist[T][k]["loss"], label=k)', 'axs[0].plot(hist[T][k]["val"], label=k)'),
            ('("Loss", "Training accuracy"', '("Accuracy", "Training accuracy"'),
        ),
    ),
    mutant(
        LOSS,
        "no_loss_of_length_30",
        "No loss is drawn for length 30.",
        experiment(
            TRAINER,
            ('        plt.semilogy(h[:, 0], h[:, 1], color="k")\n', '        if seq < 30: plt.semilogy(h[:, 0], h[:, 1], color="k")\n'),
        ),
    ),
)
CASES: tuple[Case, ...] = (*INDEPENDENCE_MUTANTS, *VALIDATION_MUTANTS, *LOSS_MUTANTS)
