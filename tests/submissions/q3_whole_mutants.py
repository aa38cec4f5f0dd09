"""Wrong classes of 3.2 and 3.3 in many ways of writing; a case has one mistake in each of the two sections."""

from __future__ import annotations

from submissions.case import Case
from submissions.q3_parts import L_DEC, L_ENC, L_TRA, R_DEC, R_ENC, R_TRA, lstm, rnn, swap
from submissions.q3_parts_by_hand import CHUNK_L_DEC, GATES_L_ENC, HAND_R_ENC, PARAM_R_DEC
from submissions.q3_parts_layers import (
    BEN_L,
    BEN_R,
    CELLS_L_DEC,
    CELLS_L_ENC,
    CELLS_R_DEC,
    CELLS_R_ENC,
    LAYERS_L_ENC,
    LAYERS_R_DEC,
    LAYERS_R_ENC,
    OLD_R_DEC,
)
from submissions.q3_parts_translators import SENTENCE_L_TRA, STACK_R_TRA

ENCODED = "output, (hidden, cell) = self.lstm(embedded)"
HEAD = "self.fc = nn.Linear(hidden_size, output_size)"
STEPPED = "output, hidden = self.decoder(token, hidden)"
KEPT_START = """if self.state is not None and self.state.shape[1] != x.shape[1]:
            self.state = None
        output, hidden = self.rnn(embedded, self.state)
        self.state = hidden.detach()"""
ZERO_START = """h0 = torch.zeros(self.num_layers, x.size(1), self.hidden_size, device=x.device)
        output, _ = self.rnn(embedded, h0)
        hidden = h0"""
SOURCE_SIZE = "nn.Embedding(len(source_field.vocab), "

# name: the mistake in 3.2, the part; the mistake in 3.3, the part
ENCODERS = {
    "last_layer_cells": (
        "every layer gets the last state; the cell state is the hidden state",
        swap(CELLS_R_ENC, "return torch.stack(states)", "return torch.stack([states[-1]] * self.num_layers)"),
        swap(CELLS_L_ENC, "return torch.stack(h), torch.stack(c)", "return torch.stack(h), torch.stack(h)"),
    ),
    "layers_in_lists": (
        "the first layer reads the last word only; the layers come from last to first",
        swap(
            LAYERS_R_ENC, "out, h_n = layer(self.dropout(out))", "outputs, h_n = layer(self.dropout(out[-1:]))\n            out = outputs"
        ),
        swap(LAYERS_L_ENC, "return torch.stack(h, 0), torch.stack(c, 0)", "return torch.stack(h[::-1], 0), torch.stack(c[::-1], 0)"),
    ),
    "not_carried_cells": (
        "the state starts anew at every word; the cell state does",
        swap(CELLS_R_ENC, "cell(inp, states[i])", "cell(inp)"),
        swap(CELLS_L_ENC, "self.first(embedded[t], (h[0], c[0]))", "self.first(embedded[t], (h[0], torch.zeros_like(c[0])))"),
    ),
    "start_returned": (
        "the start state is returned; the first word is read only",
        swap(R_ENC, "output, hidden = self.rnn(embedded)", ZERO_START),
        swap(L_ENC, "self.lstm(embedded)", "self.lstm(embedded[:1])"),
    ),
    "no_gradient": (
        "the embedding is cut off; the LSTM runs without gradients",
        swap(R_ENC, "self.rnn(embedded)", "self.rnn(embedded.detach())"),
        swap(L_ENC, ENCODED, f"with torch.no_grad():\n            {ENCODED}"),
    ),
    "dropout_always": (
        "dropout is made anew in forward; dropout does not know the mode",
        swap(R_ENC, "self.dropout(self.embedding(x))", "nn.Dropout(0.5)(self.embedding(x))"),
        swap(L_ENC, "embedded = self.dropout(", "embedded = nn.functional.dropout("),
    ),
    "tutorial": (
        "the outputs are returned; the last layer's states are, beside a translator with other names",
        swap(BEN_R, "        return hidden\n\n\nclass RNNDecoder", "        return outputs\n\n\nclass RNNDecoder"),
        swap(BEN_L, "return hidden, cell\n\n\nclass LSTMDecoder", "return hidden[-1], cell[-1]\n\n\nclass LSTMDecoder"),
    ),
    "by_hand": (
        "every layer gets the last state; the states are exchanged",
        swap(HAND_R_ENC, "torch.stack(hidden)", "torch.stack([hidden[-1]] * self.num_layers)"),
        swap(GATES_L_ENC, "return torch.stack(h), torch.stack(c)", "return torch.stack(c), torch.stack(h)"),
    ),
    "embedding_size": (
        "the embedding size is written in; it is the hidden size",
        swap(R_ENC, "nn.Embedding(input_size, embedding_size)", "nn.Embedding(input_size, 256)", "nn.RNN(embedding_size", "nn.RNN(256"),
        swap(
            L_ENC,
            "nn.Embedding(input_size, embedding_size)",
            "nn.Embedding(input_size, hidden_size)",
            "nn.LSTM(embedding_size",
            "nn.LSTM(hidden_size",
        ),
    ),
    "kept": (
        "the state is kept for the next batch; a dropout by hand does not know the mode",
        swap(
            R_ENC,
            "output, hidden = self.rnn(embedded)",
            KEPT_START,
            "        self.hidden_size = hidden_size\n",
            "        self.hidden_size = hidden_size\n        self.state = None\n",
        ),
        swap(
            L_ENC,
            "self.dropout(self.embedding(x))",
            "self.embedding(x)\n        embedded = embedded * (torch.rand_like(embedded) > 0.5) * 2",
        ),
    ),
    "mean": (
        "all layers get the mean; the hidden state is mixed with the cell state",
        swap(R_ENC, "return hidden", "return hidden.mean(dim=0, keepdim=True).repeat(self.num_layers, 1, 1)"),
        swap(L_ENC, "return hidden, cell", "return hidden + cell, cell"),
    ),
}
DECODERS = {
    "prior_ignored": (
        "cells start from zero; the cell state is taken as zero",
        swap(CELLS_R_DEC, "inp = cell(inp, h)", "inp = cell(inp)"),
        swap(L_DEC, "(hidden, cell))\n", "(hidden, torch.zeros_like(cell)))\n"),
    ),
    "old_state": (
        "the old state is returned; the old cell state is",
        swap(LAYERS_R_DEC, "torch.cat(finals)", "hidden"),
        swap(L_DEC, "output, (hidden, cell) =", "output, (hidden, _) ="),
    ),
    "softmax": (
        "a softmax module; a softmax in the head",
        swap(OLD_R_DEC, "nn.LogSoftmax(dim=1)", "nn.Softmax(dim=1)"),
        swap(L_DEC, HEAD, "self.fc = nn.Sequential(nn.Linear(hidden_size, output_size), nn.Softmax(dim=-1))"),
    ),
    "wrong_axis": (
        "log softmax over the batch, as a module; as a logarithm",
        swap(OLD_R_DEC, "nn.LogSoftmax(dim=1)", "nn.LogSoftmax(dim=0)"),
        swap(L_DEC, "return prediction, hidden, cell", "return torch.log(torch.softmax(prediction, 0)), hidden, cell"),
    ),
    "activation": (
        "a leaky ReLU in the head; a sigmoid",
        swap(R_DEC, HEAD, "self.fc = nn.Sequential(nn.Linear(hidden_size, output_size), nn.LeakyReLU())"),
        swap(L_DEC, "self.fc(output.squeeze(0))", "self.fc(output.squeeze(0)).sigmoid()"),
    ),
    "source_vocabulary": (
        "the embedding has the size of the source vocabulary",
        swap(R_DEC, "nn.Embedding(output_size, ", SOURCE_SIZE),
        swap(L_DEC, "nn.Embedding(output_size, ", SOURCE_SIZE),
    ),
    "detached": (
        "the new state is cut off; both are",
        swap(R_DEC, "return prediction, hidden", "return prediction, hidden.detach()"),
        swap(L_DEC, "return prediction, hidden, cell", "return prediction, hidden.data, cell.data"),
    ),
    "by_hand": (
        "the state is left out; the old cell state is returned",
        swap(PARAM_R_DEC, "+ h @ U", ""),
        swap(CHUNK_L_DEC, "torch.stack(hs), torch.stack(cs)", "torch.stack(hs), cell"),
    ),
    "activation_by_hand": (
        "a softmax; a ReLU",
        swap(PARAM_R_DEC, "self.out(inp),", "torch.softmax(self.out(inp), 1),"),
        swap(CHUNK_L_DEC, "self.out(inp),", "torch.relu(self.out(inp)),"),
    ),
    "last_state_cells": (
        "every layer starts from the last; every layer's cell state is the last",
        swap(CELLS_R_DEC, "inp = cell(inp, h)", "inp = cell(inp, hidden[-1])"),
        swap(CELLS_L_DEC, "torch.stack(h), torch.stack(c)", "torch.stack(h), torch.stack([c[-1]] * self.num_layers)"),
    ),
    "wrong_layer": (
        "scores from the first layer; from the cell state",
        swap(R_DEC, "self.fc(output.squeeze(0))", "self.fc(hidden[0])"),
        swap(L_DEC, "self.fc(output.squeeze(0))", "self.fc(cell[-1])"),
    ),
}
TRANSLATORS = {
    "ratio_ignored": (
        "one half, whatever is asked; the mode decides",
        swap(R_TRA, "< teacher_forcing_ratio", "< 0.5"),
        swap(L_TRA, "random.random() < teacher_forcing_ratio", "self.training"),
    ),
    "never_forced": (
        "its own guess only, in two ways of writing",
        swap(STACK_R_TRA, "y[t] if teacher_force else top1", "top1"),
        swap(SENTENCE_L_TRA, "token = right if random.uniform(0, 1) < teacher_forcing_ratio else now", "token = now"),
    ),
    "wrong_word": (
        "the axis of the batch; the least likely word",
        swap(R_TRA, "output.argmax(1)", "output.argmax(0)[:batch_size]"),
        swap(L_TRA, "output.argmax(1)", "output.argmin(1)"),
    ),
    "one_guess_for_all": (
        "always the first guess; one sentence's guess for all",
        swap(R_TRA, "output.argmax(1)", "outputs[1].argmax(1)"),
        swap(L_TRA, "output.argmax(1)", "output.argmax(1)[0].repeat(batch_size)"),
    ),
    "rows": (
        "one row early; one step more",
        swap(R_TRA, "outputs[t] = output", "outputs[t - 1] = output"),
        swap(L_TRA, "for t in range(1, out_seq_len)", "for t in range(out_seq_len)"),
    ),
    "one_short": (
        "the last word is never predicted; the first row is missing",
        swap(R_TRA, "range(1, out_seq_len)", "range(1, out_seq_len - 1)"),
        swap(SENTENCE_L_TRA, "scores = [torch.zeros(y.size(1), self.decoder.output_size, device=self.device)]", "scores = []"),
    ),
    "another_word": (
        "starts with the source; forces source words",
        swap(R_TRA, "token = y[0]", "token = x[0]"),
        swap(L_TRA, "token = y[t] if", "token = x[min(t, len(x) - 1)] if"),
    ),
    "target_seen": (
        "starts with the word to predict; forces the word after",
        swap(R_TRA, "token = y[0]\n", "token = y[1]\n"),
        swap(L_TRA, "token = y[t] if", "token = y[min(t + 1, out_seq_len - 1)] if"),
    ),
    "start_state": (
        "starts from zeros; encodes the target",
        swap(R_TRA, "hidden = self.encoder(x)", "hidden = torch.zeros_like(self.encoder(x))"),
        swap(L_TRA, "self.encoder(x)", "self.encoder(y)"),
    ),
    "softmax": (
        "a softmax on every row; on all of them",
        swap(R_TRA, "outputs[t] = output", "outputs[t] = output.softmax(1)"),
        swap(L_TRA, "return outputs", "return nn.functional.softmax(outputs, dim=-1)"),
    ),
    "cut_off": (
        "the state is detached at every word, in two ways of writing",
        swap(R_TRA, STEPPED, "output, hidden = self.decoder(token, hidden.detach() if t > 1 else hidden)"),
        swap(SENTENCE_L_TRA, "self.decoder(token, *state)", "self.decoder(token, *[part.detach() for part in state])"),
    ),
    "axes": (
        "scores are stacked batch first; transposed",
        swap(STACK_R_TRA, "dim=0", "dim=1"),
        swap(L_TRA, "return outputs", "return outputs.transpose(0, 1)"),
    ),
    "cell_dropped": (
        "encodes anew at every word; takes the cell state as zero",
        swap(R_TRA, f"            {STEPPED}", f"            hidden = self.encoder(x)\n            {STEPPED}"),
        swap(L_TRA, "self.decoder(token, hidden, cell)", "self.decoder(token, hidden, torch.zeros_like(cell))"),
    ),
}
# These stop the training in the replay, so that its settings cannot be seen.
RNN_UNSEEN = ("q3_2.given_settings_kept",)
LSTM_UNSEEN = ("q3_3.given_settings_kept", "q3_4.lstm_trained_on_it")
STOPPED: dict[str, tuple[str, ...]] = {
    "encoder_tutorial": RNN_UNSEEN + LSTM_UNSEEN,
    "translator_one_short": LSTM_UNSEEN,
    "translator_another_word": LSTM_UNSEEN,
    "translator_axes": RNN_UNSEEN + LSTM_UNSEEN,
}


def _cases(part: str, mistakes: dict[str, tuple[str, str, str]]) -> tuple[Case, ...]:
    return tuple(
        Case(
            f"q3_whole_{part}_{name}",
            f"{about[0].upper()}{about[1:]}.",
            3,
            (
                rnn(**{part: one}) if "class RNNTranslator" not in one or part == "translator" else rnn(one, "", ""),
                lstm(**{part: two}) if "class LSTMTranslator" not in two or part == "translator" else lstm(two, "", ""),
            ),
            (f"q3_2.{part}", f"q3_3.{part}"),
            STOPPED.get(f"{part}_{name}", ()),
        )
        for name, (about, one, two) in mistakes.items()
    )


CASES = (*_cases("encoder", ENCODERS), *_cases("decoder", DECODERS), *_cases("translator", TRANSLATORS))
