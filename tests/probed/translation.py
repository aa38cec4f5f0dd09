"""A right solution of 3.2 or 3.3 as student code, and the ways to change it: `{kind}` is RNN or LSTM.

Every variant is a list of (text, replacement) on the right solution; a variant whose text is not found is a mistake of the test.
"""

RIGHT = {
    "RNN": """
import random
import torch
import torch.nn as nn

class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        embedded = self.dropout(self.embedding(x))
        output, hidden = self.rnn(embedded)
        return hidden

class RNNDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.out = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x, hidden):
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))
        output, after = self.rnn(embedded, hidden)
        prediction = self.out(output).squeeze(0)
        return prediction, after

class RNNTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        steps, batch = y.shape
        outputs = torch.zeros(steps, batch, self.decoder.output_size).to(self.device)
        hidden = self.encoder(x)
        word = y[0]
        for t in range(1, steps):
            output, hidden = self.decoder(word, hidden)
            outputs[t] = output
            force = random.random() < teacher_forcing_ratio
            word = y[t] if force else output.argmax(1)
        return outputs
""",
    "LSTM": """
import random
import torch
import torch.nn as nn

class LSTMEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        embedded = self.dropout(self.embedding(x))
        output, (hidden, cell) = self.rnn(embedded)
        return hidden, cell

class LSTMDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.rnn = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.out = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x, hidden, cell):
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))
        output, (after, cell_after) = self.rnn(embedded, (hidden, cell))
        prediction = self.out(output).squeeze(0)
        return prediction, after, cell_after

class LSTMTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        steps, batch = y.shape
        outputs = torch.zeros(steps, batch, self.decoder.output_size).to(self.device)
        hidden, cell = self.encoder(x)
        word = y[0]
        for t in range(1, steps):
            output, hidden, cell = self.decoder(word, hidden, cell)
            outputs[t] = output
            force = random.random() < teacher_forcing_ratio
            word = y[t] if force else output.argmax(1)
        return outputs
""",
}


def changed(kind: str, changes: list[tuple[str, str]]) -> str:
    """The right solution with the changes made."""
    source = RIGHT[kind]
    for text, replacement in changes:
        assert text in source, f"nothing to replace: {text!r}"
        source = source.replace(text, replacement)
    return source


ENCODED = {
    "RNN": "output, hidden = self.rnn(embedded)\n        return hidden",
    "LSTM": "output, (hidden, cell) = self.rnn(embedded)\n        return hidden, cell",
}
DECODED = {"RNN": "output, after = self.rnn(embedded, hidden)", "LSTM": "output, (after, cell_after) = self.rnn(embedded, (hidden, cell))"}
