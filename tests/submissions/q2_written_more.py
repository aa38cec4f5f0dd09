"""More experiments of 2.2 as different students write them, with what is known to be awkward to replay."""

from __future__ import annotations

# One epoch over many rows, logged every so many steps; a recurrent layer and a linear layer without a class around them.
LOGGED_SELDOM = """
def do(length, layer, log_every=100):
    ds = Add2DigitsDataset(50000, length)
    tr, va = torch.utils.data.random_split(ds, [45000, 5000])
    dl = torch.utils.data.DataLoader(tr, batch_size=64, shuffle=True)
    dv = torch.utils.data.DataLoader(va, batch_size=5000)
    rnn, fc = layer(11, 128, 2, batch_first=True), nn.Linear(128, 19)
    opt = optim.Adam(list(rnn.parameters()) + list(fc.parameters()), lr=1e-3)
    L, A, V, S = [], [], [], []
    for i, (_, x, y) in enumerate(dl):
        p = fc(rnn(x)[0][:, -1])
        loss = nn.functional.cross_entropy(p, y)
        opt.zero_grad(); loss.backward(); opt.step()
        if i % log_every == 0:
            S.append(i); L.append(loss.item()); A.append((p.argmax(1) == y).float().mean().item())
            with torch.no_grad():
                _, xv, yv = next(iter(dv))
                V.append((fc(rnn(xv)[0][:, -1]).argmax(1) == yv).float().mean().item())
    return S, L, A, V

for length in (5, 10, 30):
    for layer in (nn.RNN, nn.LSTM):
        S, L, A, V = do(length, layer)
        plt.plot(S, L); plt.title(f"{layer.__name__} length {length}"); plt.ylabel("loss"); plt.show()
        plt.plot(S, A, label="training accuracy"); plt.plot(S, V, label="validation accuracy"); plt.legend()
        plt.title(f"{layer.__name__} length {length}"); plt.show()
"""

# Slices of one large data set, at top level, all curves of a length on one axes.
BIG_SLICES = """
EPOCHS, BATCH = 3, 100
everything = {}
for T in (5, 10, 30):
    full = Add2DigitsDataset(num_examples=50_000, seq_length=T)
    _, X, Y = full[:45_000]
    _, XV, YV = full[45_000:]
    for use_LSTM in (False, True):
        net = MyRNN(11, 128, 19, num_layers=2, use_LSTM=use_LSTM)
        optimizer = optim.Adam(net.parameters(), lr=0.003)
        loss_curve, train_curve, val_curve = [], [], []
        for epoch in range(EPOCHS):
            for start in range(0, len(X), BATCH):
                x, y = X[start:start+BATCH], Y[start:start+BATCH]
                optimizer.zero_grad()
                yhat = net(x)
                loss = nn.CrossEntropyLoss()(yhat, y)
                loss.backward()
                optimizer.step()
                loss_curve.append(loss.item())
                train_curve.append((yhat.argmax(1) == y).float().mean().item())
                with torch.no_grad():
                    val_curve.append((net(XV[:1000]).argmax(1) == YV[:1000]).float().mean().item())
        everything[T, use_LSTM] = loss_curve, train_curve, val_curve

for T in (5, 10, 30):
    fig = plt.figure(figsize=(10, 4))
    for use_LSTM in (False, True):
        who = "LSTM" if use_LSTM else "RNN"
        a, b, c = everything[T, use_LSTM]
        plt.plot(a, label=who + " loss")
        plt.plot(b, label=who + " train acc")
        plt.plot(c, label=who + " val acc")
    plt.title(f"T = {T}")
    plt.legend()
    plt.show()
"""

# Fresh rows in every step, a fixed validation set, pandas plots.
FRESH_ROWS = """
import pandas as pd

class Summer(nn.Module):
    def __init__(self, kind):
        super().__init__()
        if kind == "RNN":
            self.recurrent = nn.RNN(11, 128, 2)
        elif kind == "LSTM":
            self.recurrent = nn.LSTM(11, 128, 2)
        self.hidden_to_out = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 19))

    def forward(self, x):
        x = x.permute(1, 0, 2)
        _, state = self.recurrent(x)
        h = state[0] if isinstance(state, tuple) else state
        return self.hidden_to_out(h[-1])

frames = []
for kind in ("RNN", "LSTM"):
    for n in (5, 10, 30):
        torch.manual_seed(1)
        model = Summer(kind)
        optimizer = optim.Adam(model.parameters(), lr=1e-3)
        _, val_x, val_y = Add2DigitsDataset(500, n)[:]
        i = 0
        rows = []
        while i < 60:
            _, x, y = Add2DigitsDataset(64, n)[:]
            optimizer.zero_grad()
            scores = model(x)
            loss = nn.CrossEntropyLoss()(scores, y)
            loss.backward()
            optimizer.step()
            i += 1
            if i % 5 == 0:
                model.eval()
                with torch.no_grad():
                    v = (model(val_x).argmax(1) == val_y).float().mean().item()
                model.train()
                rows.append({"step": i, "loss": loss.item(), "train acc": (scores.argmax(1) == y).float().mean().item(), "val acc": v})
        frames.append((kind, n, pd.DataFrame(rows).set_index("step")))

for kind, n, frame in frames:
    frame[["loss"]].plot(title=f"{kind} with sequence length {n}")
    frame[["train acc", "val acc"]].plot(title=f"{kind} with sequence length {n}")
    plt.show()
"""

# A fresh template copied for each run, loss of sums by hand, two axes over one another.
TEMPLATES = """
import copy
templates = {"RNN": MyRNN(11, 128, 19, 2, use_LSTM=False), "LSTM": MyRNN(11, 128, 19, 2, use_LSTM=True)}

def fit(net, T, steps=120):
    train, valid = Add2DigitsDataset(1000, T), Add2DigitsDataset(1000, T)
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    out = []
    for s in range(steps):
        i = torch.randint(len(train), (64,))
        logp = net(train.one_hot_data[i]).log_softmax(-1)
        loss = -logp[torch.arange(64), train.label[i]].mean()
        net.zero_grad()
        loss.backward()
        opt.step()
        if s % 4 == 3:
            with torch.no_grad():
                acc = [(net(d.one_hot_data).argmax(-1) == d.label).double().mean().item() * 100 for d in (train, valid)]
            out.append((s + 1, loss.item(), *acc))
    return np.array(out)

for T in [5, 10, 30]:
    for kind in templates:
        h = fit(copy.deepcopy(templates[kind]), T)
        fig, ax1 = plt.subplots()
        ax2 = ax1.twinx()
        ax1.plot(h[:, 0], h[:, 1], "k", label="loss")
        ax2.plot(h[:, 0], h[:, 2], "b", label="train")
        ax2.plot(h[:, 0], h[:, 3], "r", label="validation")
        ax1.set_ylabel("Cross-entropy")
        ax2.set_ylabel("Accuracy (%)")
        ax1.set_title(f"{kind}, {T} steps")
        fig.legend()
        plt.show()
"""

# One network object a kind whose first weights are put back for each length, with a new optimizer.
PUT_BACK = """
rnn, lstm = MyRNN(11, 128, 19, 2, False), MyRNN(11, 128, 19, 2, True)
initial = {"RNN": {k: v.clone() for k, v in rnn.state_dict().items()}, "LSTM": {k: v.clone() for k, v in lstm.state_dict().items()}}
history = {}
for seq in (5, 10, 30):
    tr, te = Add2DigitsDataset(1024, seq), Add2DigitsDataset(256, seq)
    for who, net in (("RNN", rnn), ("LSTM", lstm)):
        net.load_state_dict(initial[who])
        opt = optim.Adam(net.parameters(), 1e-3)
        history[who, seq] = {"train_loss": [], "train_acc": [], "test_acc": []}
        for epoch in range(4):
            for b in torch.utils.data.DataLoader(range(len(tr)), batch_size=64, shuffle=True):
                pred = net(tr.one_hot_data[b])
                loss = nn.functional.cross_entropy(pred, tr.label[b])
                opt.zero_grad()
                loss.backward()
                opt.step()
                history[who, seq]["train_loss"].append(loss.item())
            with torch.no_grad():
                history[who, seq]["train_acc"].append((net(tr.one_hot_data).argmax(1) == tr.label).float().mean().item())
                history[who, seq]["test_acc"].append((net(te.one_hot_data).argmax(1) == te.label).float().mean().item())

for what in ("train_loss", "train_acc", "test_acc"):
    fig, axs = plt.subplots(1, 3, figsize=(15, 4))
    for ax, seq in zip(axs, (5, 10, 30)):
        for who in ("RNN", "LSTM"):
            ax.plot(history[who, seq][what], label=who)
        ax.set_title(f"seq_length={seq}")
        ax.legend()
    fig.suptitle(what)
    plt.show()
"""
