"""Wrong encoders, decoders and translators of question 3."""

from __future__ import annotations

from submissions.case import Case, replace

RNN_ENCODED = "_, hidden = self.rnn(embedded)\n        return hidden"
LSTM_ENCODED = "_, (hidden, cell) = self.rnn(embedded)\n        return hidden, cell"
RNN_STEPPED = "output, hidden = self.rnn(embedded, hidden)"
LSTM_STEPPED = "output, (hidden, cell) = self.rnn(embedded, (hidden, cell))"
RNN_RETURNED = "return self.out_proj(output.squeeze(0)), hidden\n"
LSTM_RETURNED = "return self.out_proj(output.squeeze(0)), hidden, cell\n"
RNN_ENCODER_LAYER = "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)\n        # YOUR CODE ENDS HERE (1/5)"
LSTM_ENCODER_LAYER = "self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)\n        # YOUR CODE ENDS HERE (1/5)"
RNN_DECODER_LAYER = "self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)\n        self.out_proj"
LSTM_DECODER_LAYER = "self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)\n        self.out_proj"
RNN_LOOP = """            outputs[t], hidden = self.decoder(token, hidden)
            teacher_forced = random.random() < teacher_forcing_ratio
            token = y[t] if teacher_forced else outputs[t].argmax(1)"""
LSTM_LOOP = RNN_LOOP.replace(
    "outputs[t], hidden = self.decoder(token, hidden)", "outputs[t], hidden, cell = self.decoder(token, hidden, cell)"
)

ENCODER, DECODER, TRANSLATOR = "encoder", "decoder", "translator"
# The training stops at these in the replay, so that its settings cannot be seen.
RNN_UNSEEN = ("q3_2.given_settings_kept",)
LSTM_UNSEEN = ("q3_3.given_settings_kept", "q3_4.lstm_trained_on_it")


def _rnn(name: str, about: str, old: str, new: str, part: str, reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q3_rnn_{part}_{name}", about, 3, (replace(old, new, count=1),), (f"q3_2.{part}",), reviews)


def _lstm(name: str, about: str, old: str, new: str, part: str, reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q3_lstm_{part}_{name}", about, 3, (replace(old, new, count=1),), (f"q3_3.{part}",), reviews)


RNN_ENCODERS = tuple(
    _rnn(name, about, RNN_ENCODED, new, ENCODER, RNN_UNSEEN if crashes else ())
    for name, about, new, crashes in (
        ("outputs", "Returns all outputs.", "output, hidden = self.rnn(embedded)\n        return output", True),
        ("both", "Returns outputs and hidden state.", "return self.rnn(embedded)", True),
        ("last_layer", "Returns the last layer's state.", "_, hidden = self.rnn(embedded)\n        return hidden[-1]", True),
        (
            "last_layer_kept",
            "Returns the last layer's state as one layer.",
            "_, hidden = self.rnn(embedded)\n        return hidden[-1:]",
            True,
        ),
        ("last_output", "Returns the last output.", "output, _ = self.rnn(embedded)\n        return output[-1].unsqueeze(0)", True),
        (
            "last_layer_copied",
            "Returns the last layer's state for every layer.",
            "_, hidden = self.rnn(embedded)\n        return hidden[-1:].repeat(self.num_layers, 1, 1)",
            False,
        ),
        (
            "last_output_expanded",
            "Returns the last output for every layer.",
            "output, _ = self.rnn(embedded)\n        return output[-1].expand(self.num_layers, -1, -1).contiguous()",
            False,
        ),
        (
            "last_outputs",
            "Returns the last outputs, one a layer.",
            "output, _ = self.rnn(embedded)\n        return output[-self.num_layers:]",
            False,
        ),
        ("last_word", "Reads the last word only.", "_, hidden = self.rnn(embedded[-1:])\n        return hidden", False),
        ("without_last_word", "Leaves out the last word.", "_, hidden = self.rnn(embedded[:-1])\n        return hidden", False),
        ("zero", "Returns zeros.", "_, hidden = self.rnn(embedded)\n        return torch.zeros_like(hidden)", False),
        ("detached", "Cuts the state off from the graph.", "_, hidden = self.rnn(embedded)\n        return hidden.detach()", False),
        (
            "layers_flipped",
            "Returns the layers from last to first.",
            "_, hidden = self.rnn(embedded)\n        return hidden.flip(0)",
            False,
        ),
        (
            "state_dropped",
            "Starts from zero at every word.",
            "for word in embedded:\n            _, hidden = self.rnn(word.unsqueeze(0))\n        return hidden",
            False,
        ),
        (
            "reshaped",
            "Reshapes where it should transpose.",
            "embedded = embedded.reshape(x.shape[1], x.shape[0], -1).transpose(0, 1)\n        " + RNN_ENCODED,
            False,
        ),
        ("tanh", "Applies a second tanh.", "_, hidden = self.rnn(embedded)\n        return torch.tanh(hidden)", False),
    )
)

RNN_LAYERS = (
    _rnn("one_layer", "Ignores num_layers.", RNN_ENCODER_LAYER, RNN_ENCODER_LAYER.replace(", num_layers", ""), ENCODER, RNN_UNSEEN),
    _rnn("hidden_512", "Has 512 written in.", RNN_ENCODER_LAYER, RNN_ENCODER_LAYER.replace("hidden_size,", "512,"), ENCODER, RNN_UNSEEN),
    _rnn("two_layers", "Has two layers written in.", RNN_ENCODER_LAYER, RNN_ENCODER_LAYER.replace("num_layers,", "2,"), ENCODER),
    _rnn(
        "batch_first",
        "Takes time for the batch.",
        RNN_ENCODER_LAYER,
        RNN_ENCODER_LAYER.replace("0.5)", "0.5, batch_first=True)"),
        ENCODER,
        RNN_UNSEEN,
    ),
    _rnn("gru", "Uses a GRU.", RNN_ENCODER_LAYER, RNN_ENCODER_LAYER.replace("nn.RNN", "nn.GRU"), ENCODER),
    _rnn(
        "both_ways",
        "Reads both ways.",
        RNN_ENCODER_LAYER,
        RNN_ENCODER_LAYER.replace("0.5)", "0.5, bidirectional=True)"),
        ENCODER,
        RNN_UNSEEN,
    ),
    _rnn("two_layers", "Has two layers written in.", RNN_DECODER_LAYER, RNN_DECODER_LAYER.replace("num_layers,", "2,"), DECODER),
    _rnn("gru", "Uses a GRU.", RNN_DECODER_LAYER, RNN_DECODER_LAYER.replace("nn.RNN", "nn.GRU"), DECODER),
)

RNN_DECODERS = (
    _rnn("state_ignored", "Ignores the state.", RNN_STEPPED, "output, hidden = self.rnn(embedded)", DECODER),
    _rnn("state_not_new", "Returns the old state.", RNN_STEPPED, "output, _ = self.rnn(embedded, hidden)", DECODER),
    _rnn("state_detached", "Cuts the state off.", RNN_STEPPED, "output, hidden = self.rnn(embedded, hidden.detach())", DECODER),
    *(
        _rnn(name, about, RNN_RETURNED, f"return {new}, hidden\n", DECODER)
        for name, about, new in (
            ("softmax", "Applies a softmax.", "torch.softmax(self.out_proj(output.squeeze(0)), dim=-1)"),
            ("softmax_module", "Applies a softmax module.", "nn.Softmax(dim=1)(self.out_proj(output.squeeze(0)))"),
            (
                "softmax_batch",
                "Applies a log softmax over the batch.",
                "nn.functional.log_softmax(self.out_proj(output.squeeze(0)), dim=0)",
            ),
            ("relu", "Applies a ReLU.", "nn.functional.relu(self.out_proj(output.squeeze(0)))"),
            ("tanh", "Applies a tanh.", "self.out_proj(output.squeeze(0)).tanh()"),
            ("sigmoid", "Applies a sigmoid.", "torch.sigmoid(self.out_proj(output.squeeze(0)))"),
            ("first_layer", "Scores from the first layer's state.", "self.out_proj(hidden[0])"),
            ("relu_before", "Applies a ReLU before the linear layer.", "self.out_proj(torch.relu(output.squeeze(0)))"),
        )
    ),
    _rnn(
        "output_for_state",
        "Returns the output for every layer's state.",
        RNN_RETURNED,
        "return self.out_proj(output.squeeze(0)), output.repeat(self.num_layers, 1, 1)\n",
        DECODER,
    ),
)

RNN_TRANSLATORS = (
    _rnn("target_encoded", "Gives the target to the encoder.", "hidden = self.encoder(x)\n", "hidden = self.encoder(y)\n", TRANSLATOR),
    _rnn("zero_state", "Starts from zeros.", "hidden = self.encoder(x)\n", "hidden = torch.zeros_like(self.encoder(x))\n", TRANSLATOR),
    _rnn("backwards", "Turns the source around.", "hidden = self.encoder(x)\n", "hidden = self.encoder(x.flip(0))\n", TRANSLATOR),
    _rnn(
        "no_gradient",
        "Encodes without gradients.",
        "hidden = self.encoder(x)\n",
        "with torch.no_grad():\n            hidden = self.encoder(x)\n",
        TRANSLATOR,
    ),
    *(
        _rnn(name, about, RNN_LOOP, RNN_LOOP.replace(old, new), TRANSLATOR)
        for name, about, old, new in (
            ("state_lost", "Does not carry the state.", "outputs[t], hidden", "outputs[t], _"),
            ("always_forced", "Always forces.", "y[t] if teacher_forced else outputs[t].argmax(1)", "y[t]"),
            ("never_forced", "Never forces.", "y[t] if teacher_forced else outputs[t].argmax(1)", "outputs[t].argmax(1)"),
            ("forced_at_half", "Forces from one half on.", "random.random() < teacher_forcing_ratio", "teacher_forcing_ratio >= 0.5"),
            ("turned", "Turns the comparison around.", "random.random() <", "random.random() >"),
            ("always_half", "Ignores the ratio.", "< teacher_forcing_ratio", "< 0.5"),
            ("row_shifted", "Writes one row too early.", "outputs[t], hidden", "outputs[t - 1], hidden"),
            ("late_word", "Forces the word before.", "y[t] if", "y[t - 1] if"),
            ("same_word", "Keeps the start word.", "token = y[t] if teacher_forced else outputs[t].argmax(1)", "pass"),
            ("least_likely", "Takes the least likely word.", "argmax(1)", "argmin(1)"),
        )
    ),
)

LSTM_ENCODERS = (
    *(
        _lstm(name, about, LSTM_ENCODED, new, ENCODER, LSTM_UNSEEN if crashes else ())
        for name, about, new, crashes in (
            ("swapped", "Returns the cell state first.", "_, (hidden, cell) = self.rnn(embedded)\n        return cell, hidden", False),
            (
                "unpacked_swapped",
                "Unpacks in the wrong order.",
                "_, (cell, hidden) = self.rnn(embedded)\n        return hidden, cell",
                False,
            ),
            (
                "hidden_twice",
                "Returns the hidden state twice.",
                "_, (hidden, _) = self.rnn(embedded)\n        return hidden, hidden",
                False,
            ),
            (
                "zero_cell",
                "Returns a zero cell state.",
                "_, (hidden, cell) = self.rnn(embedded)\n        return hidden, torch.zeros_like(cell)",
                False,
            ),
            (
                "output_and_state",
                "Returns output and hidden state.",
                "output, (hidden, cell) = self.rnn(embedded)\n        return output, hidden",
                True,
            ),
            ("hidden_only", "Returns the hidden state alone.", "_, (hidden, cell) = self.rnn(embedded)\n        return hidden", True),
            (
                "last_layer",
                "Returns the last layer's states.",
                "_, (hidden, cell) = self.rnn(embedded)\n        return hidden[-1], cell[-1]",
                True,
            ),
            (
                "last_layer_copied",
                "Returns the last layer's states for every layer.",
                "_, states = self.rnn(embedded)\n        return tuple(one[-1:].repeat(len(one), 1, 1) for one in states)",
                False,
            ),
            ("detached", "Cuts the cell state off.", "_, (hidden, cell) = self.rnn(embedded)\n        return hidden, cell.detach()", False),
        )
    ),
    _lstm("one_layer", "Ignores num_layers.", LSTM_ENCODER_LAYER, LSTM_ENCODER_LAYER.replace(", num_layers", ""), ENCODER, LSTM_UNSEEN),
    _lstm(
        "hidden_512", "Has 512 written in.", LSTM_ENCODER_LAYER, LSTM_ENCODER_LAYER.replace("hidden_size,", "512,"), ENCODER, LSTM_UNSEEN
    ),
    _lstm(
        "batch_first",
        "Takes time for the batch.",
        LSTM_ENCODER_LAYER,
        LSTM_ENCODER_LAYER.replace("0.5)", "0.5, batch_first=True)"),
        ENCODER,
        LSTM_UNSEEN,
    ),
)

LSTM_DECODERS = (
    _lstm("states_ignored", "Ignores the states.", LSTM_STEPPED, "output, (hidden, cell) = self.rnn(embedded)", DECODER),
    _lstm(
        "states_swapped",
        "Hands the states over in the wrong order.",
        LSTM_STEPPED,
        "output, (hidden, cell) = self.rnn(embedded, (cell, hidden))",
        DECODER,
    ),
    _lstm("hidden_for_cell", "Uses hidden twice.", LSTM_STEPPED, "output, (hidden, cell) = self.rnn(embedded, (hidden, hidden))", DECODER),
    _lstm(
        "zero_cell",
        "Starts from a zero cell.",
        LSTM_STEPPED,
        "output, (hidden, cell) = self.rnn(embedded, (hidden, torch.zeros_like(cell)))",
        DECODER,
    ),
    _lstm("cell_not_new", "Returns the old cell state.", LSTM_STEPPED, "output, (hidden, _) = self.rnn(embedded, (hidden, cell))", DECODER),
    _lstm("returned_swapped", "Returns the cell first.", LSTM_RETURNED, "return self.out_proj(output.squeeze(0)), cell, hidden\n", DECODER),
    _lstm(
        "softmax", "Applies a softmax.", LSTM_RETURNED, "return torch.softmax(self.out_proj(output.squeeze(0)), 1), hidden, cell\n", DECODER
    ),
    _lstm("relu", "Applies a ReLU.", LSTM_RETURNED, "return self.out_proj(output.squeeze(0)).relu(), hidden, cell\n", DECODER),
    _lstm("scores_from_cell", "Scores from the cell state.", LSTM_RETURNED, "return self.out_proj(cell[-1]), hidden, cell\n", DECODER),
    _lstm("one_layer", "Has two layers written in.", LSTM_DECODER_LAYER, LSTM_DECODER_LAYER.replace("num_layers,", "2,"), DECODER),
)

LSTM_TRANSLATORS = (
    _lstm(
        "swapped", "Takes the states in the wrong order.", "hidden, cell = self.encoder(x)", "cell, hidden = self.encoder(x)", TRANSLATOR
    ),
    _lstm(
        "cell_zeroed",
        "Drops the cell.",
        "hidden, cell = self.encoder(x)",
        "hidden, cell = self.encoder(x)\n        cell = torch.zeros_like(cell)",
        TRANSLATOR,
    ),
    _lstm(
        "hidden_for_cell",
        "Uses hidden for both.",
        "hidden, cell = self.encoder(x)",
        "hidden, cell = self.encoder(x)\n        cell = hidden",
        TRANSLATOR,
    ),
    _lstm(
        "target_encoded", "Gives the target to the encoder.", "hidden, cell = self.encoder(x)", "hidden, cell = self.encoder(y)", TRANSLATOR
    ),
    *(
        _lstm(name, about, LSTM_LOOP, LSTM_LOOP.replace(old, new), TRANSLATOR)
        for name, about, old, new in (
            ("cell_lost", "Does not carry the cell state.", "outputs[t], hidden, cell", "outputs[t], hidden, _"),
            ("hidden_lost", "Does not carry the hidden state.", "outputs[t], hidden, cell", "outputs[t], _, cell"),
            ("states_lost", "Carries no state.", "outputs[t], hidden, cell", "outputs[t], _, _"),
            ("swapped_in_loop", "Swaps the states in the loop.", "self.decoder(token, hidden, cell)", "self.decoder(token, cell, hidden)"),
            ("always_forced", "Always forces.", "y[t] if teacher_forced else outputs[t].argmax(1)", "y[t]"),
            ("never_forced", "Never forces.", "y[t] if teacher_forced else outputs[t].argmax(1)", "outputs[t].argmax(1)"),
        )
    ),
)

CASES: tuple[Case, ...] = (*RNN_ENCODERS, *RNN_LAYERS, *RNN_DECODERS, *RNN_TRANSLATORS, *LSTM_ENCODERS, *LSTM_DECODERS, *LSTM_TRANSLATORS)
