"""Wrong settings, sizes, reported losses and plots in 3.2 and 3.3."""

from __future__ import annotations

from submissions.case import Case, Change, replace, without_figures
from submissions.q3_logs import LSTM_CELL, REVERSED_CELL, RNN_CELL, TRAIN, VALIDATION, logged

ALL = (RNN_CELL, LSTM_CELL, REVERSED_CELL)
SETTINGS = ("q3_2.given_settings_kept", "q3_3.given_settings_kept")
RNN_FIT, LSTM_FIT = (
    'fit(model, train_iterator, valid_iterator, test_iterator, "rnn-model.pt")',
    'fit(model_lstm, train_iterator, valid_iterator, test_iterator, "lstm-model.pt")',
)


def _both(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_settings_{name}", about, 3, changes, SETTINGS)


def _count(source: int, target: int, embedding: int, hidden: int, gates: int) -> int:
    recurrent = 2 * gates * hidden * (embedding + hidden + 2) + 2 * gates * hidden * (2 * hidden + 2)
    return (source + target) * embedding + recurrent + target * (hidden + 1)


PLOTTED = """    plt.plot(range(1, N_EPOCHS + 1), training_loss, label="training")
    plt.plot(range(1, N_EPOCHS + 1), validation_loss, label="validation")
    plt.xlabel("epoch")
    plt.ylabel("loss")
    plt.legend()
    plt.show()"""
UNTIDY = {
    RNN_CELL: 'if file_name == "rnn-model.pt":\n        return\n',
    LSTM_CELL: 'if file_name == "lstm-model.pt":\n        return\n',
    REVERSED_CELL: 'if file_name == "lstm-reversed-model.pt":\n        return\n',
}

CASES: tuple[Case, ...] = (
    _both("five_epochs", "Trains for five epochs.", replace("N_EPOCHS = 10", "N_EPOCHS = 5"), logged(*ALL, train=TRAIN[:5])),
    _both(
        "nine_epochs",
        "Trains for nine epochs.",
        replace("range(N_EPOCHS):", "range(1, N_EPOCHS):"),
        logged(*ALL, train=TRAIN[:9]),
        replace("range(1, N_EPOCHS + 1)", "range(1, N_EPOCHS)"),
    ),
    _both(
        "twenty_epochs",
        "Trains for twenty epochs.",
        replace("N_EPOCHS = 10", "N_EPOCHS = 20"),
        logged(*ALL, train=TRAIN * 2, validation=VALIDATION * 2),
    ),
    _both("clip_five", "Clips at 5.", replace("CLIP = 1", "CLIP = 5")),
    _both("no_clipping", "Does not clip.", replace("        nn.utils.clip_grad_norm_(model.parameters(), clip)\n", "")),
    _both("sgd", "Uses SGD.", replace("optim.Adam(model.parameters())", "optim.SGD(model.parameters(), lr=0.1)")),
    _both("rmsprop", "Uses RMSprop.", replace("optim.Adam(model.parameters())", "optim.RMSprop(model.parameters())")),
    _both(
        "padding_counted", "Does not ignore the padding.", replace("nn.CrossEntropyLoss(ignore_index=TRG_PAD_IDX)", "nn.CrossEntropyLoss()")
    ),
    _both(
        "unknown_ignored",
        "Ignores the unknown word.",
        replace("target_field.vocab.stoi[target_field.pad_token]", "target_field.vocab.stoi[target_field.unk_token]"),
    ),
    _both(
        "end_ignored",
        "Ignores the end token.",
        replace("target_field.vocab.stoi[target_field.pad_token]", 'target_field.vocab.stoi["<eos>"]'),
    ),
    _both(
        "mean_squares",
        "Uses a mean squared error.",
        replace(
            "return criterion(output[1:].flatten(0, 1), trg[1:].flatten())",
            "return nn.functional.mse_loss(output[1:].flatten(0, 1), nn.functional.one_hot(trg[1:].flatten(), output.shape[-1]).float())",
        ),
    ),
    _both(
        "hidden_256",
        "Has a hidden size of 256.",
        replace("HID_DIM = 512", "HID_DIM = 256"),
        logged(RNN_CELL, count=_count(453, 373, 256, 256, 1)),
        logged(LSTM_CELL, REVERSED_CELL, count=_count(453, 373, 256, 256, 4)),
    ),
    _both(
        "embedding_128",
        "Has embeddings of 128.",
        replace("ENC_EMB_DIM = 256\nDEC_EMB_DIM = 256", "ENC_EMB_DIM = 128\nDEC_EMB_DIM = 128"),
        logged(RNN_CELL, count=_count(453, 373, 128, 512, 1)),
        logged(LSTM_CELL, REVERSED_CELL, count=_count(453, 373, 128, 512, 4)),
    ),
    _both("one_layer", "Has one layer.", replace("N_LAYERS = 2", "N_LAYERS = 1")),
    _both(
        "encoder_only_trained",
        "The optimizer holds the encoder's parameters only.",
        replace("optim.Adam(model.parameters())", "optim.Adam(model.encoder.parameters())"),
    ),
    Case(
        "q3_lstm_hidden_256",
        "Another hidden size in 3.3 only.",
        3,
        (
            replace("enc_lstm = LSTMEncoder(", "HID_DIM = 256\nenc_lstm = LSTMEncoder("),
            logged(LSTM_CELL, REVERSED_CELL, count=_count(453, 373, 256, 256, 4)),
        ),
        ("q3_3.given_settings_kept",),
    ),
    Case(
        "q3_lstm_four_epochs",
        "Fewer epochs in 3.3 only.",
        3,
        (replace(LSTM_FIT, f"N_EPOCHS = 4\n{LSTM_FIT}\nN_EPOCHS = 10"), logged(LSTM_CELL, train=TRAIN[:4])),
        ("q3_3.given_settings_kept",),
    ),
    Case(
        "q3_rnn_other_optimizer",
        "The optimizer holds the wrong network's parameters.",
        3,
        (
            replace(
                "optimizer = optim.Adam(model.parameters())",
                'optimizer = optim.Adam((globals()["model"] if file_name == "lstm-model.pt" else model).parameters())',
            ),
        ),
        ("q3_3.given_settings_kept",),
    ),
    Case(
        "q3_rnn_source_vocabulary_decoded",
        "The decoder is built over the source vocabulary.",
        3,
        (replace("dec = RNNDecoder(OUTPUT_DIM", "dec = RNNDecoder(INPUT_DIM"), logged(RNN_CELL, count=_count(453, 453, 256, 512, 1))),
        ("q3_2.parameter_count",),
    ),
    Case(
        "q3_lstm_source_vocabulary_decoded",
        "The decoder is built over the source vocabulary.",
        3,
        (
            replace("dec_lstm = LSTMDecoder(OUTPUT_DIM", "dec_lstm = LSTMDecoder(len(source_field.vocab)"),
            logged(LSTM_CELL, count=_count(453, 453, 256, 512, 4)),
        ),
        ("q3_3.parameter_count",),
    ),
    Case(
        "q3_rnn_loss_above",
        "The RNN stays above 5.",
        3,
        (logged(RNN_CELL, train=[5.9 - 0.05 * epoch for epoch in range(10)]),),
        ("q3_2.reported_loss",),
    ),
    Case(
        "q3_lstm_loss_above",
        "The LSTM's last loss is 5.0.",
        3,
        (logged(LSTM_CELL, train=[6.0, 5.5, 5.4, 5.3, 5.2, 5.1, 5.1, 5.0, 5.0, 5.0]),),
        ("q3_3.reported_loss",),
    ),
    Case(
        "q3_lstm_loss_diverged",
        "The loss goes up again.",
        3,
        (logged(LSTM_CELL, train=[*TRAIN[:6], 4.6, 5.3, 6.1, 7.2]),),
        ("q3_3.reported_loss",),
    ),
    Case("q3_rnn_loss_nan", "The loss is not a number.", 3, (logged(RNN_CELL, train=[5.4, *[float("nan")] * 9]),), ("q3_2.reported_loss",)),
    Case(
        "q3_lstm_validation_nan",
        "The validation loss is not a number.",
        3,
        (logged(LSTM_CELL, validation=[float("nan")] * 10),),
        ("q3_3.reported_loss",),
    ),
    Case(
        "q3_rnn_loss_infinite",
        "The loss is infinite.",
        3,
        (logged(RNN_CELL, line="epoch {epoch}: train_loss={train}, val_loss={validation}\n", train=[float("inf")] * 10),),
        ("q3_2.reported_loss",),
    ),
    *(
        Case(
            f"q3_no_plot_{number}",
            "No plot of the losses is there.",
            3,
            (replace(PLOTTED, f"    {UNTIDY[cell]}{PLOTTED}"), without_figures(cell)),
            (f"q3_{number}.loss_plot",),
        )
        for number, cell in (("2", RNN_CELL), ("3", LSTM_CELL), ("4", REVERSED_CELL))
    ),
    Case(
        "q3_no_plot_at_all",
        "Nothing is plotted anywhere.",
        3,
        (replace(PLOTTED, ""), *map(without_figures, ALL)),
        ("q3_2.loss_plot", "q3_3.loss_plot", "q3_4.loss_plot"),
    ),
)
