"""Classes of 3.2 and 3.3 in the template's own words, to be put together with others."""

from __future__ import annotations

import re

from submissions.case import Cells, Change, set_source

R_ENC = """
class RNNEncoder(nn.Module):
    def __init__(self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: torch.Tensor):
        assert x.ndim == 2
        embedded = self.dropout(self.embedding(x))
        output, hidden = self.rnn(embedded)
        return hidden
"""
R_DEC = """
class RNNDecoder(nn.Module):
    def __init__(self, output_size: int, embedding_size: int, hidden_size: int, num_layers: int):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.rnn = nn.RNN(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.fc = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: torch.Tensor, hidden: torch.Tensor):
        assert x.ndim == 1
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))
        output, hidden = self.rnn(embedded, hidden)
        prediction = self.fc(output.squeeze(0))
        return prediction, hidden
"""
R_TRA = """
class RNNTranslator(nn.Module):
    def __init__(self, encoder: nn.Module, decoder: nn.Module, device: Union[str, torch.device]):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device
        assert encoder.hidden_size == decoder.hidden_size
        assert encoder.num_layers == decoder.num_layers

    def forward(self, x: torch.Tensor, y: torch.Tensor, teacher_forcing_ratio: float = 0.5):
        out_seq_len, batch_size = y.shape
        outputs = torch.zeros(out_seq_len, batch_size, self.decoder.output_size).to(self.device)
        hidden = self.encoder(x)
        token = y[0]
        for t in range(1, out_seq_len):
            output, hidden = self.decoder(token, hidden)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            token = y[t] if teacher_force else top1
        return outputs
"""
L_ENC = """
class LSTMEncoder(nn.Module):
    def __init__(self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.lstm = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: torch.Tensor):
        assert x.ndim == 2
        embedded = self.dropout(self.embedding(x))
        output, (hidden, cell) = self.lstm(embedded)
        return hidden, cell
"""
L_DEC = """
class LSTMDecoder(nn.Module):
    def __init__(self, output_size: int, embedding_size: int, hidden_size: int, num_layers: int):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.lstm = nn.LSTM(embedding_size, hidden_size, num_layers, dropout=0.5)
        self.fc = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor):
        assert x.ndim == 1
        embedded = self.dropout(self.embedding(x.unsqueeze(0)))
        output, (hidden, cell) = self.lstm(embedded, (hidden, cell))
        prediction = self.fc(output.squeeze(0))
        return prediction, hidden, cell
"""
L_TRA = """
class LSTMTranslator(nn.Module):
    def __init__(self, encoder: nn.Module, decoder: nn.Module, device: Union[str, torch.device]):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device
        assert encoder.hidden_size == decoder.hidden_size
        assert encoder.num_layers == decoder.num_layers

    def forward(self, x: torch.Tensor, y: torch.Tensor, teacher_forcing_ratio: float = 0.5):
        out_seq_len, batch_size = y.shape
        outputs = torch.zeros(out_seq_len, batch_size, self.decoder.output_size).to(self.device)
        hidden, cell = self.encoder(x)
        token = y[0]
        for t in range(1, out_seq_len):
            output, hidden, cell = self.decoder(token, hidden, cell)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            token = y[t] if teacher_force else top1
        return outputs
"""


def swap(source: str, *pairs: str) -> str:
    """Replace texts, each of which must stand in the source."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in source, old
        source = source.replace(old, new)
    return source


def rnn(encoder: str = R_ENC, decoder: str = R_DEC, translator: str = R_TRA) -> Change:
    """Write the classes of 3.2 anew, in this order."""
    return set_source("class RNNEncoder(nn.Module)", f"{encoder}\n{decoder}\n{translator}")


def lstm(encoder: str = L_ENC, decoder: str = L_DEC, translator: str = L_TRA) -> Change:
    """Write the classes of 3.3 anew, in this order."""
    return set_source("class LSTMEncoder(nn.Module)", f"{encoder}\n{decoder}\n{translator}")


def fewer_parameters(rnn_fewer: int, lstm_fewer: int) -> Change:
    """Let the notebook have printed so many parameters fewer, in 3.2 and in the sections after it."""

    def change(cells: Cells) -> None:
        left = [rnn_fewer]

        def counted(found: re.Match[str]) -> str:
            return f"{int(found[0].replace(',', '')) - (left.pop() if left else lstm_fewer):,}"

        for cell in cells:
            for output in cell.get("outputs", ()):
                if "trainable parameters" in output.get("text", ""):
                    output.text = re.sub(r"[\d,]+(?= trainable parameters)", counted, output.text)

    return change
