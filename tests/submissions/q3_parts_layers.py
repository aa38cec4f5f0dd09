"""Encoders and decoders of 3.2 and 3.3 from cells, from lists of layers, in old idioms and with a tutorial's names."""

from __future__ import annotations

from submissions.q3_parts import L_DEC, L_ENC, swap

# one cell of weights per layer, stacked by hand
CELLS_R_ENC = """
class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.emb = nn.Embedding(input_size, embedding_size)
        self.cells = nn.ModuleList([nn.RNNCell(embedding_size if i == 0 else hidden_size, hidden_size) for i in range(num_layers)])
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        states = [torch.zeros(x.shape[1], self.hidden_size, device=x.device) for _ in range(self.num_layers)]
        for step in self.drop(self.emb(x)):
            inp = step
            for i, cell in enumerate(self.cells):
                states[i] = cell(inp, states[i])
                inp = self.drop(states[i]) if i < self.num_layers - 1 else states[i]
        return torch.stack(states)
"""

CELLS_R_DEC = """
class RNNDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.output_size, self.hidden_size, self.num_layers = output_size, hidden_size, num_layers
        self.emb = nn.Embedding(output_size, embedding_size)
        self.cells = nn.ModuleList()
        for i in range(num_layers):
            self.cells.append(nn.RNNCell(embedding_size if i == 0 else hidden_size, hidden_size))
        self.head = nn.Linear(hidden_size, output_size)
        self.drop = nn.Dropout(0.5)

    def forward(self, x, hidden):
        inp = self.drop(self.emb(x))
        new = []
        for cell, h in zip(self.cells, hidden):
            inp = cell(inp, h)
            new.append(inp)
            inp = self.drop(inp)
        return self.head(new[-1]), torch.stack(new, dim=0)
"""

CELLS_L_ENC = """
class LSTMEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.first = nn.LSTMCell(embedding_size, hidden_size)
        self.rest = nn.ModuleList(nn.LSTMCell(hidden_size, hidden_size) for _ in range(num_layers - 1))
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        seq_len, batch_size = x.shape
        h = [x.new_zeros(batch_size, self.hidden_size, dtype=torch.float) for _ in range(self.num_layers)]
        c = [x.new_zeros(batch_size, self.hidden_size, dtype=torch.float) for _ in range(self.num_layers)]
        embedded = self.dropout(self.embedding(x))
        for t in range(seq_len):
            h[0], c[0] = self.first(embedded[t], (h[0], c[0]))
            for l, layer in enumerate(self.rest, start=1):
                h[l], c[l] = layer(self.dropout(h[l - 1]), (h[l], c[l]))
        return torch.stack(h), torch.stack(c)
"""

CELLS_L_DEC = """
class LSTMDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.first = nn.LSTMCell(embedding_size, hidden_size)
        self.rest = nn.ModuleList(nn.LSTMCell(hidden_size, hidden_size) for _ in range(num_layers - 1))
        self.dropout = nn.Dropout(0.5)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden, cell):
        h, c = list(hidden.unbind(0)), list(cell.unbind(0))
        h[0], c[0] = self.first(self.dropout(self.embedding(x)), (h[0], c[0]))
        for l, layer in enumerate(self.rest, start=1):
            h[l], c[l] = layer(self.dropout(h[l - 1]), (h[l], c[l]))
        return self.out(h[-1]), torch.stack(h), torch.stack(c)
"""

# a list of layers of one layer each
LAYERS_R_ENC = """
class RNNEncoder(nn.Module):
    def __init__(self, input_size: int, embedding_size: int, hidden_size: int, num_layers: int, p: float = 0.5):
        super(RNNEncoder, self).__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        sizes = [embedding_size] + [hidden_size] * (num_layers - 1)
        self.layers = nn.ModuleList([nn.RNN(size, hidden_size) for size in sizes])
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        out = self.embedding(x)
        finals = []
        for layer in self.layers:
            out, h_n = layer(self.dropout(out))
            finals.append(h_n)
        return torch.cat(finals, dim=0)
"""

LAYERS_R_DEC = """
class RNNDecoder(nn.Module):
    def __init__(self, output_size: int, embedding_size: int, hidden_size: int, num_layers: int, p: float = 0.5):
        super(RNNDecoder, self).__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        sizes = [embedding_size] + [hidden_size] * (num_layers - 1)
        self.layers = nn.ModuleList([nn.RNN(size, hidden_size) for size in sizes])
        self.dropout = nn.Dropout(p)
        self.linear = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden):
        out = self.embedding(x)[None]
        finals = []
        for i, layer in enumerate(self.layers):
            out, h_n = layer(self.dropout(out), hidden[i : i + 1].contiguous())
            finals.append(h_n)
        return self.linear(out[0]), torch.cat(finals)
"""

LAYERS_L_ENC = '''
class LSTMEncoder(nn.Module):
    """Two explicit layers are not enough: there may be any number."""

    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        for i in range(num_layers):
            setattr(self, f"lstm_{i}", nn.LSTM(embedding_size if i == 0 else hidden_size, hidden_size, 1))

    def forward(self, x):
        h, c = [], []
        z = nn.functional.dropout(self.embedding(x), 0.5, self.training)
        for i in range(self.num_layers):
            z, (hi, ci) = getattr(self, f"lstm_{i}")(z)
            z = nn.functional.dropout(z, p=0.5, training=self.training)
            h.append(hi.squeeze(0))
            c.append(ci.squeeze(0))
        return torch.stack(h, 0), torch.stack(c, 0)
'''

# old idioms: Variable, init_hidden, view, long comments
OLD_R_ENC = """
class RNNEncoder(nn.Module):
    def __init__(self, vocab_size, emb_dim, hid_dim, n_layers, dropout_p=0.5):
        super(RNNEncoder, self).__init__()
        self.vocab_size = vocab_size
        self.hidden_size = hid_dim
        self.num_layers = n_layers
        self.embed = nn.Embedding(vocab_size, emb_dim, padding_idx=1)
        self.recurrent = nn.RNN(emb_dim, hid_dim, n_layers, dropout=dropout_p if n_layers > 1 else 0)
        self.dropout_layer = nn.Dropout(dropout_p)

    def init_hidden(self, batch_size):
        # one zero state per layer
        return torch.autograd.Variable(torch.zeros(self.num_layers, batch_size, self.hidden_size)).to(device)

    def forward(self, input_seq):
        hidden = self.init_hidden(input_seq.size(1))
        emb = self.dropout_layer(self.embed(input_seq))
        _, hidden = self.recurrent(emb, hidden)
        return hidden
"""

OLD_R_DEC = """
class RNNDecoder(nn.Module):
    def __init__(self, output_dim, emb_dim, hid_dim, n_layers, dropout_p=0.5):
        super(RNNDecoder, self).__init__()
        self.output_size = output_dim
        self.hidden_size = hid_dim
        self.num_layers = n_layers
        self.embed = nn.Embedding(output_dim, emb_dim, padding_idx=1)
        self.recurrent = nn.RNN(emb_dim, hid_dim, n_layers, dropout=dropout_p if n_layers > 1 else 0)
        self.dropout_layer = nn.Dropout(dropout_p)
        self.fc_out = nn.Linear(hid_dim, output_dim)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input_step, last_hidden):
        batch_size = input_step.size(0)
        emb = self.dropout_layer(self.embed(input_step.view(1, batch_size)))
        rnn_output, hidden = self.recurrent(emb, last_hidden)
        output = self.softmax(self.fc_out(rnn_output.view(batch_size, -1)))
        return output, hidden
"""

OLD_L_ENC = swap(
    L_ENC,
    "output, (hidden, cell) = self.lstm(embedded)",
    "h0 = torch.zeros(self.num_layers, x.size(1), self.hidden_size, device=x.device)\n"
    "        c0 = torch.zeros_like(h0)\n"
    "        output, (hidden, cell) = self.lstm(embedded, (h0, c0))",
    "        self.dropout = nn.Dropout(0.5)",
    "        self.dropout = nn.Dropout(0.5)\n"
    "        for name, p in self.lstm.named_parameters():\n"
    "            if 'weight' in name:\n"
    "                nn.init.xavier_uniform_(p)\n"
    "            else:\n"
    "                nn.init.zeros_(p)",
)

OLD_L_DEC = swap(
    L_DEC,
    "self.fc(output.squeeze(0))",
    "torch.log_softmax(self.fc(output), dim=2)[0]",
    "return prediction, hidden, cell",
    "return [prediction, hidden, cell]",
)

# Ben Trevett's names, with his own checks in the translator
BEN_R = """
class RNNEncoder(nn.Module):
    def __init__(self, input_dim, emb_dim, hid_dim, n_layers, dropout = 0.5):
        super().__init__()
        self.hid_dim = hid_dim
        self.n_layers = n_layers
        self.embedding = nn.Embedding(input_dim, emb_dim)
        self.rnn = nn.RNN(emb_dim, hid_dim, n_layers, dropout = dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(self, src):
        embedded = self.dropout(self.embedding(src))
        outputs, hidden = self.rnn(embedded)
        return hidden


class RNNDecoder(nn.Module):
    def __init__(self, output_dim, emb_dim, hid_dim, n_layers, dropout = 0.5):
        super().__init__()
        self.output_dim = output_dim
        self.hid_dim = hid_dim
        self.n_layers = n_layers
        self.embedding = nn.Embedding(output_dim, emb_dim)
        self.rnn = nn.RNN(emb_dim, hid_dim, n_layers, dropout = dropout)
        self.fc_out = nn.Linear(hid_dim, output_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, input, hidden):
        input = input.unsqueeze(0)
        embedded = self.dropout(self.embedding(input))
        output, hidden = self.rnn(embedded, hidden)
        prediction = self.fc_out(output.squeeze(0))
        return prediction, hidden


class RNNTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device
        assert encoder.hid_dim == decoder.hid_dim, "Hidden dimensions of encoder and decoder must be equal!"
        assert encoder.n_layers == decoder.n_layers, "Encoder and decoder must have equal number of layers!"

    def forward(self, src, trg, teacher_forcing_ratio = 0.5):
        batch_size = trg.shape[1]
        trg_len = trg.shape[0]
        trg_vocab_size = self.decoder.output_dim
        outputs = torch.zeros(trg_len, batch_size, trg_vocab_size).to(self.device)
        hidden = self.encoder(src)
        input = trg[0,:]
        for t in range(1, trg_len):
            output, hidden = self.decoder(input, hidden)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            input = trg[t] if teacher_force else top1
        return outputs
"""

BEN_L = swap(
    BEN_R,
    "RNN", "LSTM", "self.rnn", "self.lstm",
    "outputs, hidden = self.lstm(embedded)\n        return hidden",
    "outputs, (hidden, cell) = self.lstm(embedded)\n        return hidden, cell",
    "def forward(self, input, hidden)", "def forward(self, input, hidden, cell)",
    "output, hidden = self.lstm(embedded, hidden)", "output, (hidden, cell) = self.lstm(embedded, (hidden, cell))",
    "return prediction, hidden", "return prediction, hidden, cell",
    "hidden = self.encoder(src)", "hidden, cell = self.encoder(src)",
    "output, hidden = self.decoder(input, hidden)", "output, hidden, cell = self.decoder(input, hidden, cell)",
)  # fmt: skip
