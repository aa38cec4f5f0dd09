"""More experiments of 2.2, with loaders, samplers, trainers and loops of many kinds: the code of the cell that trains and plots."""

from __future__ import annotations

from submissions.case import Cells, Change, set_output, set_source, without_figures
from submissions.q2_written import EXPERIMENT


def experiment(source: str, *edits: tuple[str, str], prints: str = "") -> Change:
    """The experiment is written in this way, with some texts replaced, and has printed `prints`; its figures are not kept."""
    for old, new in edits:
        assert old in source, f"{old!r} stands nowhere in the experiment"
        source = source.replace(old, new)

    def change(cells: Cells) -> None:
        set_output(EXPERIMENT, prints)(cells)
        without_figures(EXPERIMENT)(cells)
        set_source(EXPERIMENT, source)(cells)

    return change


# A TensorDataset, a dictionary of models that learn side by side from the same batches, the last layer's state as the answer.
SIDE_BY_SIDE = """
import torch.nn.functional as F
from torch.utils.data import TensorDataset, DataLoader

class Net(nn.Module):
    def __init__(self, rnn_type="RNN", hidden=128, layers=2):
        super().__init__()
        self.rnn_type = rnn_type
        self.layer = getattr(nn, rnn_type)(input_size=11, hidden_size=hidden, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden, 19)

    def forward(self, x):
        if self.rnn_type == "LSTM":
            _, (h_n, c_n) = self.layer(x)
        else:
            _, h_n = self.layer(x)
        return self.fc(h_n[-1])

def get_loader(n, seq_length, shuffle):
    d = Add2DigitsDataset(n, seq_length)
    return DataLoader(TensorDataset(d.one_hot_data, d.label), batch_size=128, shuffle=shuffle)

@torch.no_grad()
def acc(model, loader):
    model.eval()
    correct, total = 0, 0
    for x, y in loader:
        correct += (model(x).argmax(1) == y).sum().item()
        total += y.size(0)
    return correct / total

EPOCHS = 8
hist = {}
for T in [5, 10, 30]:
    train_loader = get_loader(8000, T, True)
    val_loader = get_loader(1000, T, False)
    models = {"RNN": Net("RNN"), "LSTM": Net("LSTM")}
    opts = {k: torch.optim.Adam(m.parameters(), lr=1e-3) for k, m in models.items()}
    hist[T] = {k: {"loss": [], "train": [], "val": []} for k in models}
    for epoch in range(EPOCHS):
        for x, y in train_loader:
            for k, m in models.items():
                m.train()
                loss = F.cross_entropy(m(x), y)
                opts[k].zero_grad()
                loss.backward()
                opts[k].step()
                hist[T][k]["loss"].append(loss.item())
        for k, m in models.items():
            hist[T][k]["train"].append(acc(m, train_loader))
            hist[T][k]["val"].append(acc(m, val_loader))
        print(f"T={T} epoch {epoch + 1}/{EPOCHS} done")

for T in hist:
    fig, axs = plt.subplots(1, 3, figsize=(15, 4))
    for k in hist[T]:
        axs[0].plot(hist[T][k]["loss"], label=k)
        axs[1].plot(hist[T][k]["train"], label=k)
        axs[2].plot(hist[T][k]["val"], label=k)
    for a, title in zip(axs, ("Loss", "Training accuracy", "Validation accuracy")):
        a.set_title(title + f" (T={T})")
        a.legend()
    plt.show()
"""
SIDE_BY_SIDE_PRINTS = "".join(f"T={length} epoch {epoch}/8 done\n" for length in (5, 10, 30) for epoch in range(1, 9))

# One data set and two samplers over its indices; gradients are gathered over two batches; the optimizer is emptied after a step.
SAMPLERS = """
from torch.utils.data import DataLoader, SubsetRandomSampler

def make_model(kind):
    return MyRNN(11, 128, 19, num_layers=2, use_LSTM=(kind == "lstm"))

def evaluate(net, loader):
    net.eval()
    hits = []
    with torch.no_grad():
        for _, x, y in loader:
            hits.extend((net(x).argmax(dim=1) == y).tolist())
    net.train()
    return sum(hits) / len(hits) * 100

def train(kind, L, n=6000, epochs=6, accumulate=2):
    ds = Add2DigitsDataset(n, L)
    order = np.random.permutation(n)
    cut = int(0.8 * n)
    train_dl = DataLoader(ds, batch_size=32, sampler=SubsetRandomSampler(order[:cut]))
    valid_dl = DataLoader(ds, batch_size=32, sampler=SubsetRandomSampler(order[cut:]))
    net = make_model(kind)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    loss_list, acc_tr, acc_va = [], [], []
    for ep in range(epochs):
        for i, (_, x, y) in enumerate(train_dl):
            loss = nn.CrossEntropyLoss()(net(x), y)
            (loss / accumulate).backward()
            if (i + 1) % accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
            loss_list.append(loss.item())
        acc_tr.append(evaluate(net, train_dl))
        acc_va.append(evaluate(net, valid_dl))
    return loss_list, acc_tr, acc_va

for L in (5, 10, 30):
    rnn_loss, rnn_tr, rnn_va = train("rnn", L)
    lstm_loss, lstm_tr, lstm_va = train("lstm", L)
    plt.figure(figsize=(6, 3))
    plt.plot(rnn_loss, "r-", label="RNN")
    plt.plot(lstm_loss, "b-", label="LSTM")
    plt.title(f"Training loss, L={L}")
    plt.legend()
    plt.show()
    plt.figure(figsize=(6, 3))
    plt.plot(rnn_tr, "r--", label="RNN train")
    plt.plot(rnn_va, "r-", label="RNN val")
    plt.plot(lstm_tr, "b--", label="LSTM train")
    plt.plot(lstm_va, "b-", label="LSTM val")
    plt.title(f"Accuracy in %, L={L}")
    plt.legend()
    plt.show()
"""

# A trainer class, a factory of models, batches drawn at random for a number of iterations, a schedule, an axes for each run.
TRAINER = """
plt.style.use("ggplot")

class Trainer:
    def __init__(self, model, train_data, val_data, lr=1e-3, batch=64):
        self.model, self.batch = model, batch
        self.xt, self.yt = train_data.one_hot_data, train_data.label
        self.xv, self.yv = val_data.one_hot_data, val_data.label
        self.opt = torch.optim.Adam(self.model.parameters(), lr=lr, weight_decay=1e-5)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, T_max=600)
        self.crit = nn.CrossEntropyLoss()
        self.history = []

    def score(self, x, y):
        self.model.eval()
        with torch.no_grad():
            pred = self.model(x).softmax(-1).max(-1).indices
        self.model.train()
        return torch.eq(pred, y).double().mean().item()

    def fit(self, iterations=600, every=20):
        for it in range(1, iterations + 1):
            pick = torch.randint(0, len(self.yt), (self.batch,))
            xb, yb = self.xt[pick], self.yt[pick]
            self.model.zero_grad()
            loss = self.crit(self.model(xb), yb)
            loss.backward()
            self.opt.step()
            self.sched.step()
            if it % every == 0 or it == 1:
                self.history.append((it, loss.item(), self.score(self.xt[:500], self.yt[:500]), self.score(self.xv, self.yv)))
        return np.array(self.history)

factories = {
    "Vanilla RNN": lambda: MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=False),
    "LSTM": lambda: MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=True),
}
for seq in (5, 10, 30):
    train_data = Add2DigitsDataset(num_examples=4000, seq_length=seq)
    val_data = Add2DigitsDataset(num_examples=800, seq_length=seq)
    for label, make in factories.items():
        h = Trainer(make(), train_data, val_data).fit()
        plt.figure(figsize=(9, 3))
        plt.suptitle(f"{label}, sequences of {seq}")
        plt.subplot(121)
        plt.semilogy(h[:, 0], h[:, 1], color="k")
        plt.xlabel("iteration"); plt.ylabel("CE loss")
        plt.subplot(122)
        plt.plot(h[:, 0], h[:, 2], label="Train Acc")
        plt.plot(h[:, 0], h[:, 3], label="Val Acc")
        plt.ylim(0, 1); plt.xlabel("iteration"); plt.ylabel("Acc"); plt.legend()
        plt.tight_layout(); plt.show()
"""
