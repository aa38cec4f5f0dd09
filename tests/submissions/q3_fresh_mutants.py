"""Mistakes in question 3 in the ways of many students."""

from __future__ import annotations

from submissions.case import Case, Change, replace, set_output, set_source, without_figures
from submissions.q3_class_mutants import LSTM_LOOP, LSTM_RETURNED, LSTM_STEPPED, RNN_ENCODED, RNN_LOOP, RNN_RETURNED
from submissions.q3_fresh_correct import DATA_CELL, HAND_CLIP
from submissions.q3_fresh_parts import LINE, own_loop
from submissions.q3_logs import COUNTS, LSTM_CELL, REVERSED_CELL, RNN_CELL, TRAIN, VALIDATION, logged
from submissions.q3_reversed_mutants import FIRST, FLIPPED, SOURCE, TARGET
from submissions.q3_training_mutants import _count

QUESTION = {RNN_CELL: "q3_2", LSTM_CELL: "q3_3", REVERSED_CELL: "q3_4"}
KIND = {RNN_CELL: "rnn", LSTM_CELL: "lstm", REVERSED_CELL: "reversed"}


def _case(name: str, about: str, fails: str, *changes: Change) -> Case:
    return Case(f"q3_fresh_wrong_{name}", about, 3, changes, (fails,))


def _settings(name: str, about: str, cell: str, *, epoch_count: int = 10, **places: str) -> Case:
    """A mistake in the own loop of one section."""
    changes = (own_loop(cell, **places), logged(cell, line=LINE, end="", train=(*TRAIN, 1.9)[:epoch_count], validation=(*VALIDATION, 3.7)))
    return _case(f"{KIND[cell]}_{name}", about, f"{QUESTION[cell]}.given_settings_kept", *changes)


def _logged(name: str, about: str, cell: str, text: str, **places: str) -> Case:
    changes = (own_loop(cell, **places), set_output(cell, f"The model has {COUNTS[cell]:,} trainable parameters\n{text}"))
    return _case(f"{KIND[cell]}_{name}", about, f"{QUESTION[cell]}.reported_loss", *changes)


def _unplotted(name: str, about: str, cell: str, plot: str) -> Case:
    changes = (own_loop(cell, plot=plot), logged(cell, line=LINE, end=""), without_figures(cell))
    return _case(f"{KIND[cell]}_{name}", about, f"{QUESTION[cell]}.loss_plot", *changes)


def _source(name: str, about: str, tokenizer: str) -> Case:
    return _case(f"source_{name}", about, "q3_4.source_reversed", replace(SOURCE, SOURCE.replace("tokenize_de_reverse", tokenizer)))


HAND_CLIP_EACH = """for p in {network}.parameters():
            norm = p.grad.norm()
            if norm > CLIP:
                p.grad *= CLIP / norm"""
TABLE_PLACES = {
    "printed": "",
    "after": 'print("train | valid")\nfor one, other in zip(train_losses, valid_losses):\n    print(f"{one:.3f} | {other:.3f}")',
}
HIGH_TABLE = "train | valid\n" + "".join(f"{5.9 - 0.05 * epoch:.3f} | {6.1 - 0.05 * epoch:.3f}\n" for epoch in range(10))
NAN_TABLE = "train | valid\n" + "".join(f"{one:.3f} | {'nan' if one < 2.5 else '4.012'}\n" for one in TRAIN)
FLIPPED_TARGET = FLIPPED.replace("batch.src = torch.flip(batch.src, [0])", "batch.trg = torch.flip(batch.trg, [0])")
FLIPPED_TRAINING = FLIPPED.replace(
    "map(Turned, (train_iterator, valid_iterator, test_iterator))", "Turned(train_iterator), valid_iterator, test_iterator"
)
LOCAL = f"""# {REVERSED_CELL}
def reversed_data():
    SRC = Field(tokenize=tokenize_de_reverse, init_token="<sos>", eos_token="<eos>", lower=True)
    TRG = Field(tokenize=tokenize_en, init_token="<sos>", eos_token="<eos>", lower=True)
    splits = Multi30k.splits(exts=(".de", ".en"), fields=(SRC, TRG))
    SRC.build_vocab(splits[0], min_freq=2)
    TRG.build_vocab(splits[0], min_freq=2)
    train_iterator, valid_iterator, test_iterator = BucketIterator.splits(splits, batch_size=128, device=device)


reversed_data()
enc_reversed = LSTMEncoder(INPUT_DIM, ENC_EMB_DIM, HID_DIM, N_LAYERS)
dec_reversed = LSTMDecoder(OUTPUT_DIM, DEC_EMB_DIM, HID_DIM, N_LAYERS)
model_reversed = LSTMTranslator(enc_reversed, dec_reversed, device).to(device)
model_reversed.apply(init_weights)
fit(model_reversed, train_iterator, valid_iterator, test_iterator, "lstm-reversed-model.pt")
"""

CLIPPING = "torch.nn.utils.clip_grad_norm_({network}.parameters(), CLIP)"

CASES: tuple[Case, ...] = (
    # given settings of one translator only
    _settings("nine_epochs", "Nine epochs.", RNN_CELL, epoch_count=9, epochs="range(N_EPOCHS - 1)"),
    _settings("eleven_epochs", "Eleven epochs.", LSTM_CELL, epoch_count=11, epochs="range(0, N_EPOCHS + 1)"),
    _settings("not_clipped", "Does not clip.", RNN_CELL, clip=""),
    _settings("clipped_at_five", "Clips at 5.", LSTM_CELL, clip="nn.utils.clip_grad_norm_({network}.parameters(), 5)"),
    _settings("clipped_by_hand_at_five", "Clips by hand at 5.", RNN_CELL, clip=HAND_CLIP.replace("CLIP", "5.0")),
    _settings("clipped_by_hand_each", "Clips each parameter's norm by hand.", LSTM_CELL, clip=HAND_CLIP_EACH),
    _settings("clipped_before_backward", "Clips before backward.", RNN_CELL, backward=f"{CLIPPING}\n        loss.backward()", clip=""),
    _settings("clipped_after_step", "Clips after the step.", LSTM_CELL, clip="", step=f"optimizer.step()\n        {CLIPPING}"),
    _settings("clipped_values", "Clips each value.", RNN_CELL, clip="nn.utils.clip_grad_value_({network}.parameters(), CLIP)"),
    _settings("clipped_encoder", "Clips the encoder's gradients only.", LSTM_CELL, clip=CLIPPING.replace("{network}", "{network}.encoder")),
    _settings("sgd", "SGD with momentum.", RNN_CELL, optimizer="optim.SGD({network}.parameters(), lr=0.1, momentum=0.9)"),
    _settings("adagrad", "Adagrad.", LSTM_CELL, optimizer="optim.Adagrad({network}.parameters())"),
    _settings("padding_learned", "The padding counts.", RNN_CELL, criterion="nn.CrossEntropyLoss()"),
    _settings("unknown_ignored", "Index 0 is ignored.", LSTM_CELL, criterion="nn.CrossEntropyLoss(ignore_index=0)"),
    _settings("decoder_only", "The optimizer holds the decoder.", RNN_CELL, optimizer="optim.Adam({network}.decoder.parameters())"),
    _settings("never_zeroed", "The gradients are never set back.", LSTM_CELL, zero="pass"),
    _settings(
        "zeroed_by_epoch",
        "The gradients are set back once an epoch.",
        RNN_CELL,
        zero="pass",
        training="{iterator}",
        epochs="(optimizer.zero_grad() or epoch for epoch in range(N_EPOCHS))",
    ),
    _settings("batches_skipped", "The first batches are left out.", LSTM_CELL, training="list({iterator})[1:]"),
    _settings("half_of_the_batches", "Every other batch is left out.", RNN_CELL, training="list({iterator})[::2]"),
    _settings(
        "stopped_early", "Each epoch stops early.", LSTM_CELL, zero="if total > 4:\n            break\n        optimizer.zero_grad()"
    ),
    _settings("trained_on_validation", "Trains on the validation data.", RNN_CELL, training="{validation}"),
    _case(
        "rnn_hidden_256",
        "A hidden size of 256.",
        "q3_2.given_settings_kept",
        replace("enc = RNNEncoder(INPUT_DIM, ENC_EMB_DIM, HID_DIM, N_LAYERS)", "enc = RNNEncoder(INPUT_DIM, ENC_EMB_DIM, 256, N_LAYERS)"),
        replace("dec = RNNDecoder(OUTPUT_DIM, DEC_EMB_DIM, HID_DIM, N_LAYERS)", "dec = RNNDecoder(OUTPUT_DIM, DEC_EMB_DIM, 256, N_LAYERS)"),
        logged(RNN_CELL, count=_count(453, 373, 256, 256, 1)),
    ),
    # counts: vocabularies
    _case(
        "rnn_larger_vocabulary",
        "Both parts have the larger vocabulary.",
        "q3_2.parameter_count",
        replace("dec = RNNDecoder(OUTPUT_DIM,", "dec = RNNDecoder(max(INPUT_DIM, OUTPUT_DIM),"),
        logged(RNN_CELL, count=_count(453, 453, 256, 512, 1)),
    ),
    _case(
        "rnn_words_unfiltered",
        "The encoder's table has a row for each word that occurs.",
        "q3_2.parameter_count",
        replace("enc = RNNEncoder(INPUT_DIM,", "enc = RNNEncoder(INPUT_DIM + 100,"),
        logged(RNN_CELL, count=_count(553, 373, 256, 512, 1)),
    ),
    _case(
        "lstm_vocabularies_joined",
        "The encoder has a table for both languages.",
        "q3_3.parameter_count",
        replace("enc_lstm = LSTMEncoder(INPUT_DIM,", "enc_lstm = LSTMEncoder(INPUT_DIM + OUTPUT_DIM,"),
        logged(LSTM_CELL, count=_count(826, 373, 256, 512, 4)),
    ),
    _case(
        "lstm_ten_thousand",
        "The encoder has a round number of words.",
        "q3_3.parameter_count",
        replace("enc_lstm = LSTMEncoder(INPUT_DIM,", "enc_lstm = LSTMEncoder(10000,"),
        logged(LSTM_CELL, count=_count(10000, 373, 256, 512, 4)),
    ),
    # reported losses
    _logged("table_above", "The table's training losses stay above 5.", RNN_CELL, HIGH_TABLE, **TABLE_PLACES),
    _logged("table_nan", "The table's validation losses are no numbers in the end.", LSTM_CELL, NAN_TABLE, **TABLE_PLACES),
    _logged("table_above", "The table's training losses stay above 5.", REVERSED_CELL, HIGH_TABLE, **TABLE_PLACES),
    _logged(
        "infinite",
        "The training loss is infinite in the end.",
        REVERSED_CELL,
        "".join(LINE.format(epoch=epoch, train=one if epoch < 8 else float("inf"), validation=4.0) for epoch, one in enumerate(TRAIN, 1)),
    ),
    # plots
    *(_unplotted("nothing_plotted", "Plots nothing.", cell, "") for cell in QUESTION),
    *(
        _unplotted(
            "empty_axes", "Draws axes without the losses.", cell, 'plt.figure()\nplt.xlabel("epoch")\nplt.ylabel("loss")\nplt.close()'
        )
        for cell in QUESTION
    ),
    # classes
    _case(
        "rnn_state_from_last_layer",
        "The encoder spreads the last layer over all.",
        "q3_2.encoder",
        replace(
            RNN_ENCODED, "output, hidden = self.rnn(embedded)\n        return torch.stack([output[-1] for _ in range(self.num_layers)])"
        ),
    ),
    _case(
        "rnn_mean_state",
        "The encoder returns the mean of the layers' states.",
        "q3_2.encoder",
        replace(RNN_ENCODED, "_, hidden = self.rnn(embedded)\n        return hidden.mean(0, keepdim=True).expand_as(hidden).contiguous()"),
    ),
    _case(
        "rnn_log_softmax_of_softmax",
        "A softmax in a Sequential head.",
        "q3_2.decoder",
        replace(RNN_RETURNED, "return nn.Softmax(-1)(self.out_proj(output)).squeeze(0), hidden\n"),
    ),
    _case(
        "lstm_gelu",
        "An activation after the linear layer.",
        "q3_3.decoder",
        replace(LSTM_RETURNED, "return nn.functional.leaky_relu(self.out_proj(output.squeeze(0))), hidden, cell\n"),
    ),
    _case(
        "lstm_cell_dropped",
        "The decoder passes the hidden state as cell.",
        "q3_3.decoder",
        replace(LSTM_STEPPED, "output, (hidden, cell) = self.rnn(embedded, (hidden, torch.zeros_like(hidden)))"),
    ),
    _case(
        "rnn_encoded_every_step",
        "The translator encodes anew at each word.",
        "q3_2.translator",
        replace(RNN_LOOP, RNN_LOOP.replace("            outputs[t]", "            hidden = self.encoder(x)\n            outputs[t]", 1)),
    ),
    _case(
        "lstm_source_fed",
        "The translator feeds the source's words.",
        "q3_3.translator",
        replace(
            LSTM_LOOP,
            LSTM_LOOP.replace("y[t] if teacher_forced", "x[t % len(x)].clamp(max=self.decoder.output_size - 1) if teacher_forced"),
        ),
    ),
    _case(
        "lstm_never_forced",
        "Forces in evaluation, not in training.",
        "q3_3.translator",
        replace(LSTM_LOOP, LSTM_LOOP.replace("random.random() < teacher_forcing_ratio", "not self.training")),
    ),
    # 3.4
    _source("first_word_lost", "The first word is lost.", "lambda text: tokenize_de(text)[:0:-1]"),
    _source("last_word_lost", "The last word, mostly the full stop, is lost.", "lambda text: tokenize_de(text)[-2::-1]"),
    _source("every_other_word", "Every other word is lost.", "lambda text: tokenize_de(text)[::-2]"),
    _source("words_once", "Repeated words are lost.", "lambda text: list(dict.fromkeys(tokenize_de(text)[::-1]))"),
    _source(
        "halves_exchanged", "The halves change places.", "lambda text: (lambda w: w[len(w) // 2:] + w[: len(w) // 2])(tokenize_de(text))"
    ),
    _source("characters", "The characters are turned around.", "lambda text: list(reversed(text))"),
    _source("shuffled", "The words are shuffled.", "lambda text: random.sample(tokenize_de(text), len(tokenize_de(text)))"),
    _case(
        "source_not_in_validation",
        "The validation sentences are not turned around.",
        "q3_4.source_reversed",
        replace(FIRST, f"for example in valid_data_reversed.examples:\n    example.src = example.src[::-1]\n{FIRST}"),
    ),
    _case(
        "batches_in_training_only",
        "The batches are turned around in training only.",
        "q3_4.source_reversed",
        set_source(DATA_CELL, FLIPPED_TRAINING),
        set_output("class Turned", ""),
    ),
    Case(
        "q3_fresh_wrong_target_batches",
        "The target's batches are turned around instead of the source's.",
        3,
        (set_source(DATA_CELL, FLIPPED_TARGET), set_output("class Turned", "")),
        ("q3_4.source_reversed", "q3_4.target_in_english_order"),
    ),
    _case(
        "target_by_letters",
        "The target is cut into letters.",
        "q3_4.target_in_english_order",
        replace(TARGET, TARGET.replace("tokenize_en", "list")),
    ),
    _case(
        "target_word_lost",
        "The target's last word is lost.",
        "q3_4.target_in_english_order",
        replace(TARGET, TARGET.replace("tokenize_en", "lambda text: tokenize_en(text)[:-1]")),
    ),
    _case(
        "local_data_unused",
        "The reversed data stay in a function; training uses the old.",
        "q3_4.lstm_trained_on_it",
        set_source(DATA_CELL, "torch.manual_seed(0);"),
        set_output("torch.manual_seed(0);", ""),
        set_source(REVERSED_CELL, LOCAL),
    ),
    _case(
        "old_iterators",
        "The old iterators under new names.",
        "q3_4.lstm_trained_on_it",
        replace(
            "    (train_data_reversed, valid_data_reversed, test_data_reversed), batch_size=128, device=device\n",
            "    (train_data, valid_data, test_data), batch_size=128, device=device\n",
        ),
    ),
)
