"""Experiments of 2.2 as different students write them: the code of the cell that trains and plots."""

from __future__ import annotations

from submissions.case import Cells, Change, find

EXPERIMENT = "def run(seq_length"  # stands in the solution's experiment cell only


def written(source: str) -> Change:
    """The experiment is written in this way; none of them prints anything."""

    def change(cells: Cells) -> None:
        cell = find(cells, EXPERIMENT)
        cell.source = source
        cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]

    return change


# Two classes, DataLoaders over the given data set, validation once an epoch, running accuracy of the training batches, a figure a run.
TWO_CLASSES = """
class SumRNN(nn.Module):
    def __init__(self, n_in=11, n_hidden=128, n_layers=2, n_out=19):
        super(SumRNN, self).__init__()
        self.rec = nn.RNN(n_in, n_hidden, n_layers, batch_first=True)
        self.fc = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        h0 = torch.zeros(2, x.size(0), 128)
        out, hn = self.rec(x, h0)
        return self.fc(out[:, -1, :])

class SumLSTM(nn.Module):
    def __init__(self, n_in=11, n_hidden=128, n_layers=2, n_out=19):
        super(SumLSTM, self).__init__()
        self.rec = nn.LSTM(n_in, n_hidden, n_layers, batch_first=True)
        self.fc = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        out, (hn, cn) = self.rec(x)
        return self.fc(hn[-1])

def train_one(model, train_loader, val_loader, epochs=6):
    opt = optim.AdamW(model.parameters(), lr=0.002)
    history = {"loss": [], "val_loss": [], "acc": [], "val_acc": []}
    for ep in range(epochs):
        total, right, n = 0.0, 0, 0
        model.train()
        for _, x, y in train_loader:
            opt.zero_grad()
            out = model(x)
            l = nn.functional.cross_entropy(out, y)
            l.backward()
            opt.step()
            total += l.item() * len(y)
            right += (out.argmax(dim=-1) == y).sum().item()
            n += len(y)
        history["loss"].append(total / n)
        history["acc"].append(100 * right / n)
        model.eval()
        total, right, n = 0.0, 0, 0
        with torch.no_grad():
            for _, x, y in val_loader:
                out = model(x)
                total += nn.functional.cross_entropy(out, y, reduction="sum").item()
                right += (out.argmax(dim=-1) == y).sum().item()
                n += len(y)
        history["val_loss"].append(total / n)
        history["val_acc"].append(100 * right / n)
    return history

results = {}
for L in [5, 10, 30]:
    ds_train = Add2DigitsDataset(num_examples=5000, seq_length=L)
    ds_val = Add2DigitsDataset(num_examples=500, seq_length=L)
    for name in ["RNN", "LSTM"]:
        net = SumRNN() if name == "RNN" else SumLSTM()
        results[name, L] = train_one(
            net,
            torch.utils.data.DataLoader(ds_train, batch_size=32, shuffle=True),
            torch.utils.data.DataLoader(ds_val, batch_size=100),
        )

for (name, L), h in results.items():
    fig, ax = plt.subplots(1, 2, figsize=(10, 4))
    fig.suptitle(f"{name}, sequence length {L}")
    ax[0].plot(h["loss"], label="train")
    ax[0].plot(h["val_loss"], label="val")
    ax[0].set_ylabel("loss")
    ax[0].legend()
    ax[1].plot(h["acc"], label="train")
    ax[1].plot(h["val_acc"], label="val")
    ax[1].set_ylabel("accuracy in %")
    ax[1].legend()
    plt.show()
"""

# Full batch, 200 steps a run, an embedding of the tokens, time first, a grid of axes filled at the end.
FULL_BATCH = """
class TokenNet(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.emb = nn.Embedding(11, 16)
        self.core = {"rnn": nn.RNN, "lstm": nn.LSTM}[cell](16, 128, num_layers=2)
        self.readout = nn.Linear(128, 19)

    def forward(self, tokens):                 # (B, L, 1)
        tokens = tokens.squeeze(-1) % 11
        e = self.emb(tokens.t())               # (L, B, 16)
        out, _ = self.core(e)
        return self.readout(out[-1])

loss_fn = nn.CrossEntropyLoss()
N_STEPS = 200
logs = {}
for cell in ("rnn", "lstm"):
    for length in (5, 10, 30):
        train_set, val_set = Add2DigitsDataset(2000, length), Add2DigitsDataset(500, length)
        net = TokenNet(cell)
        opt = optim.RMSprop(net.parameters(), lr=1e-3)
        sched = optim.lr_scheduler.StepLR(opt, 100, 0.5)
        rec = {"step": [], "loss": [], "train_acc": [], "val_acc": []}
        for step in range(N_STEPS):
            logits = net(train_set.data)
            loss = loss_fn(logits, train_set.label)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1)
            opt.step()
            sched.step()
            if step % 10 == 0:
                with torch.no_grad():
                    tr = (net(train_set.data).argmax(1) == train_set.label).float().mean()
                    va = (net(val_set.data).argmax(1) == val_set.label).float().mean()
                rec["step"].append(step)
                rec["loss"].append(loss.item())
                rec["train_acc"].append(tr.item())
                rec["val_acc"].append(va.item())
        logs[cell, length] = rec

fig, axes = plt.subplots(3, 2, figsize=(12, 12))
for i, length in enumerate((5, 10, 30)):
    for cell in ("rnn", "lstm"):
        rec = logs[cell, length]
        axes[i, 0].plot(rec["step"], rec["loss"], label=cell.upper())
        axes[i, 1].plot(rec["step"], rec["train_acc"], "--", label=cell.upper() + " train")
        axes[i, 1].plot(rec["step"], rec["val_acc"], label=cell.upper() + " val")
    axes[i, 0].set_title(f"Loss (seq_len={length})")
    axes[i, 1].set_title(f"Accuracy (seq_len={length})")
    for a in axes[i]:
        a.set_xlabel("step")
        a.legend()
plt.tight_layout()
plt.show()
"""

# The given class, one data set split at random, closures for the optimizer, everything at top level, six calls in six blocks.
RANDOM_SPLIT = """
from torch.utils.data import DataLoader, random_split

def evaluate(m, loader):
    m.eval()
    good = tot = 0
    with torch.inference_mode():
        for xb, hot, yb in loader:
            good += (torch.max(m(hot), 1)[1] == yb).sum().item()
            tot += yb.numel()
    m.train()
    return good / tot

def experiment(seq_len, use_lstm):
    full = Add2DigitsDataset(num_examples=6000, seq_length=seq_len)
    n_val = len(full) // 10
    train_part, val_part = random_split(full, [len(full) - n_val, n_val])
    tl, vl = DataLoader(train_part, batch_size=64, shuffle=True), DataLoader(val_part, batch_size=64)
    m = MyRNN(11, 128, 19, 2, use_lstm)
    o = torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9)
    lc, ta, va = [], [], []
    for e in range(5):
        for xb, hot, yb in tl:
            def closure():
                o.zero_grad()
                j = nn.CrossEntropyLoss()(m(hot), yb)
                j.backward()
                return j
            lc.append(float(o.step(closure)))
        ta.append(evaluate(m, tl))
        va.append(evaluate(m, vl))
    return lc, ta, va

def show(seq_len, rnn, lstm):
    plt.figure()
    plt.title("Loss, length %d" % seq_len)
    plt.plot(rnn[0]); plt.plot(lstm[0])
    plt.legend(["RNN", "LSTM"])
    plt.show()
    plt.figure()
    plt.title("Accuracy, length %d" % seq_len)
    for r in (rnn, lstm):
        plt.plot(r[1]); plt.plot(r[2])
    plt.legend(["RNN train", "RNN valid", "LSTM train", "LSTM valid"])
    plt.show()

show(5, experiment(5, False), experiment(5, True))
show(10, experiment(10, False), experiment(10, True))
show(30, experiment(30, False), experiment(30, True))
"""

# A data function and a vectorised class of the student's own, slices of one data set, mini-batches by index, plots in later figures.
OWN_DATA = """
class SumSet(torch.utils.data.Dataset):
    def __init__(self, n, length):
        x = torch.randint(0, 10, (n, length))
        pos = torch.randint(0, length - 2, (n,))
        ar = torch.arange(n)
        x[ar, pos] = 10
        self.x = nn.functional.one_hot(x, 11).float()
        self.y = x[ar, pos + 1] + x[:, -1]
    def __len__(self):
        return len(self.y)
    def __getitem__(self, i):
        return self.x[i], self.y[i]

def make_net(kind):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleDict({"core": getattr(nn, kind)(11, 128, 2), "head": nn.Linear(128, 19)})
        def forward(self, x):
            x = x.transpose(0, 1)
            return self.layers["head"](self.layers["core"](x)[0][-1])
    return Net()

curves = []
n_train, n_val, bs = 450, 50, 50
for length in (5, 10, 30):
    whole = SumSet(n_train + n_val, length)
    xt, yt, xv, yv = whole.x[:n_train], whole.y[:n_train], whole.x[n_train:], whole.y[n_train:]
    for kind in ("RNN", "LSTM"):
        net = make_net(kind)
        opt = optim.Adam(net.parameters())
        c = dict(kind=kind, length=length, loss=[], train=[], val=[])
        for epoch in range(8):
            order = torch.randperm(n_train)
            for k in range(0, n_train, bs):
                idx = order[k:k + bs]
                opt.zero_grad()
                loss = nn.functional.nll_loss(nn.functional.log_softmax(net(xt[idx]), dim=1), yt[idx])
                loss.backward()
                opt.step()
                c["loss"].append(loss.detach().numpy())
            net.eval()
            with torch.no_grad():
                c["train"].append((net(xt).argmax(1) == yt).float().mean())
                c["val"].append((net(xv).argmax(1) == yv).float().mean())
            net.train()
        curves.append(c)

for c in curves:
    plt.plot(c["loss"])
    plt.title(c["kind"] + " loss, length " + str(c["length"]))
    plt.xlabel("iteration")
    plt.show()
    plt.plot(c["train"], label="training set")
    plt.plot(c["val"], label="validation set")
    plt.title(c["kind"] + " accuracy, length " + str(c["length"]))
    plt.legend()
    plt.show()
"""
