"""The classes of 3.2 and 3.3 written anew, in ways as different as students have."""

from __future__ import annotations

from submissions.case import Cells, Change, find


def classes(kind: str, source: str) -> Change:
    """Write the cell with the three classes anew."""

    def change(cells: Cells) -> None:
        find(cells, f"class {kind}Encoder").source = source

    return change


SHARED = """class Encoder(nn.Module):
    layer = None

    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.drop = nn.Dropout(0.5)
        self.words = nn.Embedding(input_size, embedding_size)
        self.recurrent = self.layer(embedding_size, hidden_size, num_layers=num_layers, dropout=0.5)

    def forward(self, x):
        return self.recurrent(self.drop(self.words(x)))[1]


class Decoder(nn.Module):
    layer = None

    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers, self.output_size = hidden_size, num_layers, output_size
        self.head = nn.Linear(hidden_size, output_size)
        self.recurrent = self.layer(embedding_size, hidden_size, num_layers=num_layers, dropout=0.5)
        self.words = nn.Embedding(output_size, embedding_size)
        self.drop = nn.Dropout(0.5)

    def forward(self, x, *state):
        out, new = self.recurrent(self.drop(self.words(x[None])), state if len(state) > 1 else state[0])
        return (self.head(out[0]), *(new if isinstance(new, tuple) else (new,)))


class RNNEncoder(Encoder):
    layer = nn.RNN


class RNNDecoder(Decoder):
    layer = nn.RNN


class RNNTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder, self.decoder, self.device = encoder, decoder, device

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        state = self.encoder(x)
        state = state if isinstance(state, tuple) else (state,)
        scores = []
        word = y[0]
        t = 1
        while t < y.shape[0]:
            score, *state = self.decoder(word, *state)
            scores.append(score)
            word = y[t] if random.random() < teacher_forcing_ratio else score.argmax(dim=-1)
            t += 1
        return torch.stack([torch.zeros_like(scores[0])] + scores)
"""
SHARED_LSTM = """class LSTMEncoder(Encoder):
    layer = nn.LSTM


class LSTMDecoder(Decoder):
    layer = nn.LSTM


class LSTMTranslator(RNNTranslator):
    pass
"""
INHERITED = """class LSTMEncoder(RNNEncoder):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__(input_size, embedding_size, hidden_size, num_layers)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)


class LSTMDecoder(RNNDecoder):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__(output_size, embedding_size, hidden_size, num_layers)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)

    def forward(self, x, hidden, cell):
        scores, (hidden, cell) = super().forward(x, (hidden, cell))
        return scores, hidden, cell


class LSTMTranslator(RNNTranslator):
    def forward(self, x, y, teacher_forcing_ratio=0.5):
        outputs = torch.zeros(y.shape[0], y.shape[1], self.decoder.output_size).to(self.device)
        hidden, cell = self.encoder(x)
        inputs = y[0, :]
        for t in range(1, y.shape[0]):
            output, hidden, cell = self.decoder(inputs, hidden, cell)
            outputs[t] = output
            best = output.max(1)[1]
            inputs = y[t] if random.random() < teacher_forcing_ratio else best
        return outputs
"""
PAIRS = """class LSTMEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super(LSTMEncoder, self).__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embed = nn.Embedding(input_size, embedding_size)
        self.lstm = nn.LSTM(hidden_size=hidden_size, num_layers=num_layers, input_size=embedding_size)

    def forward(self, x):
        output, state = self.lstm(self.embed(x))
        return state


class LSTMDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super(LSTMDecoder, self).__init__()
        self.output_size = output_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embed = nn.Embedding(output_size, embedding_size)
        self.lstm = nn.LSTM(hidden_size=hidden_size, num_layers=num_layers, input_size=embedding_size)
        self.fc = nn.Sequential(nn.Dropout(0.1), nn.Linear(hidden_size, output_size))

    def forward(self, x, state):
        output, state = self.lstm(self.embed(x).unsqueeze(0), state)
        return self.fc(output).squeeze(0), state


class LSTMTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super(LSTMTranslator, self).__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        outputs = [torch.zeros(y.shape[1], self.decoder.output_size, device=x.device)]
        state = self.encoder(x)
        token = y[0]
        for target in y[1:]:
            logits, state = self.decoder(token, state)
            outputs.append(logits)
            token = target if torch.rand(1).item() < teacher_forcing_ratio else logits.argmax(-1)
        return torch.stack(outputs, dim=0)
"""
CELLS = """class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.cells = nn.ModuleList(nn.RNNCell(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers))
        self.dropout = nn.Dropout(0.5)

    def step(self, embedded, hidden):
        new = []
        for cell, old in zip(self.cells, hidden):
            embedded = cell(embedded if not new else self.dropout(embedded), old)
            new.append(embedded)
        return torch.stack(new)

    def forward(self, x):
        hidden = torch.zeros(self.num_layers, x.shape[1], self.hidden_size, device=x.device)
        for word in self.dropout(self.embedding(x)):
            hidden = self.step(word, hidden)
        return hidden


class RNNDecoder(RNNEncoder):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__(output_size, embedding_size, hidden_size, num_layers)
        self.output_size = output_size
        self.out_proj = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden):
        hidden = self.step(self.dropout(self.embedding(x)), hidden)
        return self.out_proj(hidden[-1]), hidden


class RNNTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder, self.decoder, self.device = encoder, decoder, device

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        hidden, token = self.encoder(x), y[0]
        rows = [torch.zeros(y.shape[1], self.decoder.output_size, device=y.device)]
        for true in y[1:]:
            scores, hidden = self.decoder(token, hidden)
            rows.append(scores)
            token = true if random.random() < teacher_forcing_ratio else scores.argmax(1)
        return torch.stack(rows)
"""
