"""Recurrences of 3.2 and 3.3 written by hand."""

from __future__ import annotations

# a recurrence written with two linear layers, as nn.RNN does it
HAND_R_ENC = """
class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.i2h = nn.ModuleList([nn.Linear(embedding_size if k == 0 else hidden_size, hidden_size) for k in range(num_layers)])
        self.h2h = nn.ModuleList([nn.Linear(hidden_size, hidden_size) for _ in range(num_layers)])
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        embedded = self.dropout(self.embedding(x))
        hidden = [torch.zeros(x.shape[1], self.hidden_size, device=x.device) for _ in range(self.num_layers)]
        for t in range(x.shape[0]):
            below = embedded[t]
            for k in range(self.num_layers):
                hidden[k] = torch.tanh(self.i2h[k](below) + self.h2h[k](hidden[k]))
                below = self.dropout(hidden[k])
        return torch.stack(hidden)
"""

# the concatenated linear layer of the course's RNNCell
CAT_R_ENC = """
class Cell(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.i2h = nn.Linear(n_in + n_hidden, n_hidden)

    def forward(self, x, h):
        return torch.tanh(self.i2h(torch.cat([x, h], dim=1)))


class RNNEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.cells = nn.ModuleList([Cell(embedding_size if i == 0 else hidden_size, hidden_size) for i in range(num_layers)])

    def forward(self, x):
        h = torch.zeros(self.num_layers, x.size(1), self.hidden_size, device=x.device)
        for emb in self.embedding(x):
            new = []
            for i, cell in enumerate(self.cells):
                emb = cell(emb, h[i])
                new.append(emb)
            h = torch.stack(new)
        return h
"""

PARAM_R_DEC = """
class RNNDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers, self.output_size = hidden_size, num_layers, output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.W = nn.ParameterList()
        self.U = nn.ParameterList()
        self.b = nn.ParameterList()
        for i in range(num_layers):
            n_in = embedding_size if i == 0 else hidden_size
            self.W.append(nn.Parameter(torch.randn(n_in, hidden_size) * 0.1))
            self.U.append(nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1))
            self.b.append(nn.Parameter(torch.zeros(hidden_size)))
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden):
        inp, new = self.embedding(x), []
        for W, U, b, h in zip(self.W, self.U, self.b, hidden):
            inp = torch.tanh(inp @ W + h @ U + b)
            new.append(inp)
        return self.out(inp), torch.stack(new)
"""

GATES = """
class Gates(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.forget = nn.Linear(n_in + n_hidden, n_hidden)
        self.input = nn.Linear(n_in + n_hidden, n_hidden)
        self.candidate = nn.Linear(n_in + n_hidden, n_hidden)
        self.output = nn.Linear(n_in + n_hidden, n_hidden)

    def forward(self, x, h, c):
        both = torch.cat((h, x), dim=1)
        c = torch.sigmoid(self.forget(both)) * c + torch.sigmoid(self.input(both)) * torch.tanh(self.candidate(both))
        return torch.sigmoid(self.output(both)) * torch.tanh(c), c
"""

GATES_L_ENC = (
    GATES
    + """

class LSTMEncoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.cells = nn.ModuleList([Gates(embedding_size if i == 0 else hidden_size, hidden_size) for i in range(num_layers)])

    def forward(self, x):
        h = [torch.zeros(x.size(1), self.hidden_size, device=x.device)] * self.num_layers
        c = [torch.zeros(x.size(1), self.hidden_size, device=x.device)] * self.num_layers
        for inp in self.embedding(x):
            for i, cell in enumerate(self.cells):
                h[i], c[i] = cell(inp, h[i], c[i])
                inp = h[i]
        return torch.stack(h), torch.stack(c)
"""
)

CHUNK_L_DEC = """
class LSTMDecoder(nn.Module):
    def __init__(self, output_size, embedding_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size, self.num_layers, self.output_size = hidden_size, num_layers, output_size
        self.embedding = nn.Embedding(output_size, embedding_size)
        self.x2h = nn.ModuleList([nn.Linear(embedding_size if i == 0 else hidden_size, 4 * hidden_size) for i in range(num_layers)])
        self.h2h = nn.ModuleList([nn.Linear(hidden_size, 4 * hidden_size, bias=False) for i in range(num_layers)])
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, x, hidden, cell):
        inp = self.embedding(x)
        hs, cs = [], []
        for i in range(self.num_layers):
            f, i_, o, g = (self.x2h[i](inp) + self.h2h[i](hidden[i])).chunk(4, dim=1)
            c = torch.sigmoid(f) * cell[i] + torch.sigmoid(i_) * torch.tanh(g)
            inp = torch.sigmoid(o) * torch.tanh(c)
            hs.append(inp)
            cs.append(c)
        return self.out(inp), torch.stack(hs), torch.stack(cs)
"""
