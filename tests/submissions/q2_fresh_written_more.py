"""More experiments of 2.2, with copied code, reset networks and modules put together: the code of the cell that trains and plots."""

from __future__ import annotations

# Two modules of one layer each, states given explicitly, the logits and the state are returned, a log-softmax and its loss.
TWO_MODULES = """
import torch.nn.functional as F

class Stacked(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell
        self.first = cell(11, 128, batch_first=True)
        self.second = cell(128, 128, batch_first=True)
        self.classifier = nn.Linear(128, 19)

    def start(self, b):
        h = torch.zeros(1, b, 128)
        return (h, torch.zeros(1, b, 128)) if self.cell is nn.LSTM else h

    def forward(self, x):
        b = x.shape[0]
        one, _ = self.first(x, self.start(b))
        two, state = self.second(one, self.start(b))
        return F.log_softmax(self.classifier(two[:, -1, :]), dim=1), state

def train_step(net, optimizer, x, y):
    net.train()
    logp, _ = net(x)
    loss = F.nll_loss(logp, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_value_(net.parameters(), 0.5)
    optimizer.step()
    return loss.detach().cpu().item(), (logp.argmax(1) == y).sum().item()

def validate(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x)[0].argmax(1) == y).float().mean().item()

SEQ_LENGTHS, KINDS = [5, 10, 30], [nn.RNN, nn.LSTM]
losses = [[[] for _ in KINDS] for _ in SEQ_LENGTHS]
train_accs = [[[] for _ in KINDS] for _ in SEQ_LENGTHS]
val_accs = [[[] for _ in KINDS] for _ in SEQ_LENGTHS]
for i, T in enumerate(SEQ_LENGTHS):
    train_x, train_y = Add2DigitsDataset(5000, T)[:][1:]
    val_x, val_y = Add2DigitsDataset(500, T)[:][1:]
    for j, cell in enumerate(KINDS):
        net = Stacked(cell)
        optimizer = optim.Adam(net.parameters(), lr=1e-3)
        for epoch in range(10):
            right = 0
            for x, y in zip(train_x.split(50), train_y.split(50)):
                l, r = train_step(net, optimizer, x, y)
                losses[i][j].append(l)
                right += r
            train_accs[i][j].append(right / len(train_y))
            val_accs[i][j].append(validate(net, val_x, val_y))

fig, axes = plt.subplots(2, 3, figsize=(15, 8), sharex="row")
for i, T in enumerate(SEQ_LENGTHS):
    for j, name in enumerate(["RNN", "LSTM"]):
        axes[0][i].plot(losses[i][j], label=name, alpha=0.7)
        axes[1][i].plot(train_accs[i][j], linestyle="dashed", label=f"{name} (train)")
        axes[1][i].plot(val_accs[i][j], label=f"{name} (validation)")
    axes[0][i].set(title=f"sequence length {T}", ylabel="NLL loss")
    axes[1][i].set(xlabel="epoch", ylabel="accuracy")
    axes[0][i].legend(); axes[1][i].legend()
fig.suptitle("RNN vs LSTM")
plt.show()
"""

# The parameters are drawn anew for each length; embedding of shifted tokens; time first; fixed number of steps over a loader in a circle.
RESET = """
import itertools

class Seq(nn.Module):
    def __init__(self, lstm: bool):
        super().__init__()
        self.embedding = nn.Embedding(num_embeddings=11, embedding_dim=32)
        self.recurrent = nn.LSTM(32, 128, 2) if lstm else nn.RNN(32, 128, 2)
        self.out = nn.Linear(128, 19)

    def forward(self, tokens):
        z = self.embedding(tokens + 1).permute(1, 0, 2)
        y, state = self.recurrent(z)
        return self.out(y[-1])

def reset(m):
    if hasattr(m, "reset_parameters"):
        m.reset_parameters()

def accuracy_on(model, ds):
    model.eval()
    with torch.no_grad():
        got = model(ds.data.squeeze(2)).argmax(1)
    model.train()
    return int((got == ds.label).sum()) / len(ds)

nets = {"RNN": Seq(False), "LSTM": Seq(True)}
records = []
for length in (5, 10, 30):
    training_set, validation_set = Add2DigitsDataset(5000, length), Add2DigitsDataset(500, length)
    loader = torch.utils.data.DataLoader(training_set, batch_size=64, shuffle=True, drop_last=True)
    for who, net in nets.items():
        net.apply(reset)
        opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
        circle = itertools.cycle(loader)
        for step in range(500):
            tokens, _, sums = next(circle)
            for p in net.parameters():
                p.grad = None
            loss = nn.CrossEntropyLoss(label_smoothing=0.05)(net(tokens.squeeze(-1)), sums)
            loss.backward()
            opt.step()
            if step % 25 == 0:
                records.append(dict(length=length, net=who, step=step, loss=loss.item(),
                                    train=accuracy_on(net, training_set), val=accuracy_on(net, validation_set)))

for length in (5, 10, 30):
    for what in ("loss", "accuracy"):
        fig, ax = plt.subplots()
        for who in nets:
            rows = [r for r in records if r["length"] == length and r["net"] == who]
            steps = [r["step"] for r in rows]
            if what == "loss":
                ax.plot(steps, [r["loss"] for r in rows], label=who)
            else:
                ax.plot(steps, [r["train"] for r in rows], label=who + " / training", ls=":")
                ax.plot(steps, [r["val"] for r in rows], label=who + " / validation")
        ax.set_xlabel("training steps")
        ax.set_ylabel(what)
        ax.set_title(f"{what} for length {length}")
        ax.legend()
        plt.show()
"""

# The code of one length, three times over, with a loader around each data set; losses are kept for each epoch.
COPIED_HEAD = """
from torch.utils.data import DataLoader
criterion = nn.CrossEntropyLoss()
lr, n_epochs, batch_size = 0.001, 15, 100

def train_model(model, loader, optimizer):
    model.train()
    running = 0.
    for _, inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        running += loss.item()
    return running / len(loader)

def test_model(model, loader):
    model.eval()
    correct = 0
    for _, inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        with torch.set_grad_enabled(False):
            outputs = model(inputs)
        _, predicted = torch.max(outputs.data, 1)
        correct += (predicted == targets).sum().item()
    return correct / len(loader.dataset)
"""
COPIED_LENGTH = """
# sequence length LEN
train_LEN = DataLoader(Add2DigitsDataset(3000, LEN), batch_size, shuffle=True)
val_LEN = DataLoader(Add2DigitsDataset(600, LEN), batch_size)
rnn_LEN = MyRNN(11, 128, 19, 2, False).to(device)
lstm_LEN = MyRNN(11, 128, 19, 2, True).to(device)
rnn_opt_LEN = torch.optim.Adam(rnn_LEN.parameters(), lr)
lstm_opt_LEN = torch.optim.Adam(lstm_LEN.parameters(), lr)
rnn_losses_LEN, rnn_train_acc_LEN, rnn_val_acc_LEN = [], [], []
lstm_losses_LEN, lstm_train_acc_LEN, lstm_val_acc_LEN = [], [], []
for epoch in range(n_epochs):
    rnn_losses_LEN.append(train_model(rnn_LEN, train_LEN, rnn_opt_LEN))
    rnn_train_acc_LEN.append(test_model(rnn_LEN, train_LEN))
    rnn_val_acc_LEN.append(test_model(rnn_LEN, val_LEN))
    lstm_losses_LEN.append(train_model(lstm_LEN, train_LEN, lstm_opt_LEN))
    lstm_train_acc_LEN.append(test_model(lstm_LEN, train_LEN))
    lstm_val_acc_LEN.append(test_model(lstm_LEN, val_LEN))

plt.figure()
plt.title('Loss vs. epochs (seq_length = LEN)')
plt.plot(range(1, n_epochs + 1), rnn_losses_LEN)
plt.plot(range(1, n_epochs + 1), lstm_losses_LEN)
plt.legend(['RNN', 'LSTM'])
plt.show()

plt.figure()
plt.title('Accuracy vs. epochs (seq_length = LEN)')
plt.plot(range(1, n_epochs + 1), rnn_train_acc_LEN, label='RNN training')
plt.plot(range(1, n_epochs + 1), rnn_val_acc_LEN, label='RNN validation')
plt.plot(range(1, n_epochs + 1), lstm_train_acc_LEN, label='LSTM training')
plt.plot(range(1, n_epochs + 1), lstm_val_acc_LEN, label='LSTM validation')
plt.legend()
plt.show()
"""
COPIED = COPIED_HEAD + "".join(COPIED_LENGTH.replace("LEN", length) for length in ("5", "10", "30"))

# The seed's way, with new models for each length: whole data set in one step, long labels, an axes with both losses.
WHOLE_SET = """
def experiment_2(seq, steps, kind):
    train_ds = Add2DigitsDataset(num_examples=3000, seq_length=seq)
    _, X_train, y_train = train_ds[:]
    _, X_val, y_val = Add2DigitsDataset(num_examples=1000, seq_length=seq)[:]
    model = MyRNN(input_size=11, hidden_size=128, output_size=19, num_layers=2, use_LSTM=kind == "LSTM")
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=20)
    criterion = nn.CrossEntropyLoss()
    accs, losses, v_accs, v_losses = [], [], [], []
    best, best_weights = 0, None
    for step in range(steps):
        model.train()
        out = model(X_train)
        loss = criterion(out, y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            v_out = model(X_val)
            v_loss = criterion(v_out, y_val)
        scheduler.step(v_loss)
        losses.append(loss.item()); v_losses.append(v_loss.item())
        accs.append(sum(p == t for p, t in zip(out.argmax(-1).tolist(), y_train.tolist())) / len(y_train))
        v_accs.append(sum(p == t for p, t in zip(v_out.argmax(-1).tolist(), y_val.tolist())) / len(y_val))
        if v_accs[-1] > best:
            best, best_weights = v_accs[-1], {k: v.clone() for k, v in model.state_dict().items()}
    if best_weights:
        model.load_state_dict(best_weights)
    fig, ax = plt.subplots(1, 2, figsize=(20, 6))
    ax[0].set_title("Loss for model {} with Seq {}".format(kind, seq))
    ax[1].set_title("Accuracy for model {} with Seq {}".format(kind, seq))
    ax[0].plot(np.arange(steps), losses, "r", label="train")
    ax[0].plot(np.arange(steps), v_losses, "b", label="validation")
    ax[1].plot(np.arange(steps), accs, "r", label="train")
    ax[1].plot(np.arange(steps), v_accs, "b", label="validation")
    for one in ax:
        one.legend()
    plt.show()

for seq in [5, 10, 30]:
    for kind in ["RNN", "LSTM"]:
        experiment_2(seq, 100, kind)
"""
