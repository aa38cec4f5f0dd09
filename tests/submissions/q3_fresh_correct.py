"""Right answers to question 3 in the ways of many students: own training loops, printed tables, other reversals."""

from __future__ import annotations

from submissions.case import Case, Change, insert_after, replace, set_output, set_source
from submissions.q3_class_mutants import LSTM_ENCODED, LSTM_LOOP, LSTM_STEPPED, RNN_ENCODED, RNN_LOOP, RNN_STEPPED
from submissions.q3_fresh_parts import LINE, own_loop
from submissions.q3_logs import COUNTS, LSTM_CELL, REVERSED_CELL, RNN_CELL, TRAIN, VALIDATION, logged
from submissions.q3_reversed_mutants import FIRST, SOURCE
from submissions.q3_training_mutants import PLOTTED

ALL = (RNN_CELL, LSTM_CELL, REVERSED_CELL)
DATA_CELL = "source_field_reversed = Field"
GIVEN_CLIP = "nn.utils.clip_grad_norm_(model.parameters(), clip)"
GIVEN_LOG = """        print(f"Epoch: {epoch + 1:02} | Time: {time.time() - start_time:.0f}s")
        print(f"\\tTrain Loss: {training_loss[-1]:.3f}")
        print(f"\\t Val. Loss: {validation_loss[-1]:.3f}")
"""


def _case(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_fresh_{name}", about, 3, changes)


def _own(line: str = LINE, **places: str) -> tuple[Change, ...]:
    """The same own loop in all three sections."""
    loops = (own_loop(cell, **places) for cell in ALL)
    return (*loops, *(logged(cell, line=line, train=TRAINED[cell], validation=VALIDATED[cell], end="") for cell in ALL))


# No two trainings print the same.
TRAINED = {cell: tuple(value + 0.017 * (k * place % 7) for place, value in enumerate(TRAIN)) for k, cell in enumerate(ALL, 1)}
VALIDATED = {cell: tuple(value + 0.013 * (k * place % 5) for place, value in enumerate(VALIDATION)) for k, cell in enumerate(ALL, 1)}


def _rows(cell: str, row: str) -> str:
    """A line for each epoch of a training."""
    pairs = enumerate(zip(TRAINED[cell], VALIDATED[cell], strict=True), 1)
    return "".join(row.format(epoch=epoch, train=one, validation=other) for epoch, (one, other) in pairs)


COUNTED = {cell: f"The model has {count:,} trainable parameters\n" for cell, count in COUNTS.items()}
RULED_TABLE = "| epoch | train loss | val loss |\n|-------|------------|----------|\n"
RULED_LINE = "| {epoch:5d} | {train:10.4f} | {validation:8.4f} |\n"

HAND_CLIP = """norm = torch.sqrt(sum((p.grad ** 2).sum() for p in {network}.parameters() if p.grad is not None))
        if norm > CLIP:
            for p in {network}.parameters():
                if p.grad is not None:
                    p.grad *= CLIP / norm"""
HAND_CLIP_FUNCTION = """def clip_gradients(parameters, maximum):
    parameters = [p for p in parameters if p.grad is not None]
    total_norm = sum(p.grad.data.norm(2).item() ** 2 for p in parameters) ** 0.5
    scale = maximum / (total_norm + 1e-6)
    if scale < 1:
        for p in parameters:
            p.grad.data.mul_(scale)
    return total_norm


def train(model, iterator"""
HAND_CLIP_STACKED = """with torch.no_grad():
            norms = torch.stack([p.grad.norm() for p in {network}.parameters()])
            factor = torch.clamp(CLIP / (torch.linalg.vector_norm(norms) + 1e-6), max=1.0)
            for p in {network}.parameters():
                p.grad = p.grad * factor"""

RUN_EPOCH = """def run_epoch(model, iterator, criterion, optimizer=None, clip=None):
    training = optimizer is not None
    model.train(training)
    losses = []
    with torch.set_grad_enabled(training):
        for batch in iterator:
            out = model(batch.src, batch.trg, 0.5 if training else 0.0)
            loss = token_loss(out, batch.trg, criterion)
            if training:
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), clip)
                optimizer.step()
            losses.append(loss.item())
    return np.mean(losses)


def fit(model"""

LOADED = """def load(tokenize_source, tokenize_target=tokenize_en):
    SRC = Field(tokenize=tokenize_source, init_token="<sos>", eos_token="<eos>", lower=True)
    TRG = Field(tokenize=tokenize_target, init_token="<sos>", eos_token="<eos>", lower=True)
    splits = Multi30k.splits(exts=(".de", ".en"), fields=(SRC, TRG))
    SRC.build_vocab(splits[0], min_freq=2)
    TRG.build_vocab(splits[0], min_freq=2)
    return SRC, TRG, BucketIterator.splits(splits, batch_size=128, device=device)


source_field_reversed, target_field_reversed, iterators = load(tokenize_de_reverse)
train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed = iterators
"""
EVERYTHING_IN_FUNCTION = f"""def experiment(tokenize_source):
    # {REVERSED_CELL}
    SRC = Field(tokenize=tokenize_source, init_token="<sos>", eos_token="<eos>", lower=True)
    TRG = Field(tokenize=tokenize_en, init_token="<sos>", eos_token="<eos>", lower=True)
    train_set, valid_set, test_set = Multi30k.splits(exts=(".de", ".en"), fields=(SRC, TRG))
    SRC.build_vocab(train_set, min_freq=2)
    TRG.build_vocab(train_set, min_freq=2)
    loaders = BucketIterator.splits((train_set, valid_set, test_set), batch_size=128, device=device)
    encoder = LSTMEncoder(len(SRC.vocab), ENC_EMB_DIM, HID_DIM, N_LAYERS)
    decoder = LSTMDecoder(len(TRG.vocab), DEC_EMB_DIM, HID_DIM, N_LAYERS)
    translator = LSTMTranslator(encoder, decoder, device).to(device)
    translator.apply(init_weights)
    fit(translator, *loaders, "lstm-reversed-model.pt")


experiment(tokenize_de_reverse)
"""
TURNED_BATCHES = """class Reversed:
    \"\"\"The batches of an iterator, with the words of each source sentence turned around between start and padding.\"\"\"

    def __init__(self, iterator):
        self.iterator = iterator

    def __len__(self):
        return len(self.iterator)

    def __iter__(self):
        pad = source_field.vocab.stoi["<pad>"]
        for batch in self.iterator:
            src = batch.src.clone()
            for column in range(src.shape[1]):
                length = int((src[:, column] != pad).sum())
                src[1 : length - 1, column] = torch.flip(src[1 : length - 1, column], dims=[0])
            batch.src = src
            yield batch


train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed = map(Reversed, (train_iterator, valid_iterator, test_iterator))
source_field_reversed, target_field_reversed = source_field, target_field
"""
RESET_FIELD = """source_field.tokenize = tokenize_de_reverse
train_data, valid_data, test_data = Multi30k.splits(exts=(".de", ".en"), fields=(source_field, target_field))
source_field.build_vocab(train_data, min_freq=2)
target_field.build_vocab(train_data, min_freq=2)
train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed = BucketIterator.splits(
    (train_data, valid_data, test_data), batch_size=128, device=device
)
source_field_reversed, target_field_reversed = source_field, target_field
print(train_data.examples[0].src)
"""
SRC0 = ["wenn", "die", "sonne", "scheint", ",", "hebt", "der", "blonde", "bauer", "eine", "blume", "auf", "."]


def _tokenizer(body: str) -> Change:
    """A tokenizer of one's own in the new field."""
    return replace(SOURCE, f"{body}\n\n\nsource_field_reversed = Field(tokenize=turn, init_token='<sos>', eos_token='<eos>', lower=True)")


def _forced(code: str) -> tuple[Change, ...]:
    old = "teacher_forced = random.random() < teacher_forcing_ratio"
    return (replace(old, code, count=2),)


PERPLEXITY = "Epoch: {epoch:02} | Train Loss: {train:.3f} | Val. Loss: {validation:.3f}\n"
PROGRESS = """from tqdm.auto import trange
bar = trange(N_EPOCHS, desc="training")"""
FRAME = """import pandas as pd
frame = pd.DataFrame({"train": train_losses, "valid": valid_losses})
frame.plot(title="losses", xlabel="epoch")
plt.show()"""

CASES: tuple[Case, ...] = (
    _case("own_loop", "An own loop in all three sections.", *_own()),
    _case(
        "table_at_the_end",
        "A table of losses headed train and valid, at the end.",
        *_own(
            printed="",
            after='print("train | valid")\nfor one, other in zip(train_losses, valid_losses):\n    print(f"{one:.3f} | {other:.3f}")',
        ),
        *(set_output(cell, COUNTED[cell] + "train | valid\n" + _rows(cell, "{train:.3f} | {validation:.3f}\n")) for cell in ALL),
    ),
    _case(
        "table_with_rules",
        "A table with a ruled heading, a row an epoch.",
        *_own(
            before='print("| epoch | train loss | val loss |")\nprint("|-------|------------|----------|")',
            printed='print(f"| {epoch + 1:5d} | {train_losses[-1]:10.4f} | {valid_losses[-1]:8.4f} |")',
        ),
        *(set_output(cell, COUNTED[cell] + RULED_TABLE + _rows(cell, RULED_LINE)) for cell in ALL),
    ),
    _case(
        "perplexity_in_one_line",
        "Losses and perplexities in one line an epoch.",
        *_own(
            line=lambda epoch, train, validation: (
                f"Epoch: {epoch:02} | Train Loss: {train:.1f} | Train PPL: {2.718281828459045**train:.1f} | "
                f"Val Loss: {validation:.1f} | Val PPL: {2.718281828459045**validation:.1f}\n"
            ),
            printed='print(f"Epoch: {epoch+1:02} | Train Loss: {train_losses[-1]:.1f} | Train PPL: {math.exp(train_losses[-1]):.1f} | '
            'Val Loss: {valid_losses[-1]:.1f} | Val PPL: {math.exp(valid_losses[-1]):.1f}")',
        ),
    ),
    _case("clip_by_hand", "Clips the gradients' norm by hand.", *_own(clip=HAND_CLIP)),
    _case(
        "clip_by_hand_function",
        "A function of one's own clips the gradients.",
        replace("def train(model, iterator", HAND_CLIP_FUNCTION),
        replace(GIVEN_CLIP, "clip_gradients(model.parameters(), clip)"),
    ),
    _case("clip_by_hand_stacked", "Clips by hand, with a clamped factor.", *_own(clip=HAND_CLIP_STACKED)),
    _case(
        "clip_imported",
        "clip_grad_norm_ under its own name.",
        *_own(
            before="from torch.nn.utils import clip_grad_norm_",
            clip="grad_norm = clip_grad_norm_({network}.parameters(), CLIP, norm_type=2)",
        ),
    ),
    _case(
        "adam_of_parts",
        "Adam over the parts' parameters.",
        *_own(
            optimizer="torch.optim.Adam([*{network}.encoder.parameters(), *{network}.decoder.parameters()], lr=1e-3)",
        ),
    ),
    _case(
        "adam_of_groups",
        "Adam over two groups.",
        *_own(
            optimizer='optim.Adam([{"params": {network}.encoder.parameters()}, {"params": {network}.decoder.parameters()}])',
        ),
    ),
    _case(
        "zeroed_by_model",
        "The network sets its gradients back, after the step.",
        *_own(
            zero="",
            step="optimizer.step()\n        {network}.zero_grad()",
        ),
    ),
    _case(
        "zeroed_late",
        "The gradients are set back right before backward.",
        *_own(
            zero="",
            backward="optimizer.zero_grad(set_to_none=False)\n        loss.backward()",
        ),
    ),
    _case(
        "loss_summed",
        "The loss is summed and divided by the number of words.",
        *_own(
            criterion='lambda scores, words: nn.functional.cross_entropy(scores, words, ignore_index=TRG_PAD_IDX, reduction="sum")'
            " / (words != TRG_PAD_IDX).sum()",
        ),
    ),
    _case(
        "loss_weighted",
        "The padding has no weight.",
        *_own(
            before="weights = torch.ones({network}.decoder.output_size, device=device)\nweights[TRG_PAD_IDX] = 0\n"
            "criterion = nn.CrossEntropyLoss(weight=weights)",
        ),
    ),
    _case(
        "loss_masked",
        "The padding is masked out by hand.",
        *_own(
            before="def criterion(scores, words):\n    kept = words != TRG_PAD_IDX\n"
            "    return nn.functional.cross_entropy(scores[kept], words[kept])\n",
        ),
    ),
    _case(
        "progress_bar",
        "A bar for the epochs with the losses behind it, and a line an epoch.",
        *_own(
            before=PROGRESS,
            epochs="bar",
            printed="bar.set_postfix(train=train_losses[-1], valid=valid_losses[-1])\n    "
            'bar.write(f"{epoch + 1:2d}  train {train_losses[-1]:.3f}  valid {valid_losses[-1]:.3f}")',
        ),
    ),
    _case(
        "epochs_from_one",
        "Epochs from 1 to N_EPOCHS; strings with %.",
        *_own(
            line="Epoch %d/10 train_loss=%.4f val_loss=%.4f\n".replace("%d", "{epoch}", 1)
            .replace("%.4f", "{train:.4f}", 1)
            .replace("%.4f", "{validation:.4f}", 1),
            epochs="range(1, N_EPOCHS + 1)",
            printed='print("Epoch %d/%d train_loss=%.4f val_loss=%.4f" % (epoch, N_EPOCHS, train_losses[-1], valid_losses[-1]))',
        ),
    ),
    _case(
        "written_ten",
        "Ten and one written into the loop.",
        *_own(
            epochs="range(10)",
            clip="nn.utils.clip_grad_norm_({network}.parameters(), max_norm=1)",
        ),
    ),
    _case(
        "run_epoch",
        "One function for training and evaluation.",
        replace("def fit(model", RUN_EPOCH),
        replace("train(model, train_iterator, optimizer, criterion, CLIP)", "run_epoch(model, train_iterator, criterion, optimizer, CLIP)"),
        replace("evaluate(model, valid_iterator, criterion)", "run_epoch(model, valid_iterator, criterion)"),
    ),
    _case(
        "best_copied",
        "The best weights are copied, not saved.",
        *_own(
            before='import copy\nbest, best_loss = None, float("inf")',
            printed="if valid_losses[-1] < best_loss:\n        best_loss = valid_losses[-1]\n"
            "        best = copy.deepcopy({network}.state_dict())\n    "
            'print(f"{epoch + 1:2d}  train {train_losses[-1]:.3f}  valid {valid_losses[-1]:.3f}")',
            after="{network}.load_state_dict(best)",
        ),
    ),
    _case(
        "no_count",
        "The number of parameters is not printed.",
        *_own(counted=""),
        *(set_output(cell, _rows(cell, LINE)) for cell in ALL),
    ),
    _case(
        "two_axes",
        "Training and validation losses on axes below each other.",
        *_own(
            plot="figure, axes = plt.subplots(2, 1, sharex=True)\naxes[0].plot(range(1, 11), train_losses)\n"
            'axes[1].plot(range(1, 11), valid_losses, "--")\nfor axis, name in zip(axes, ("train", "valid")):\n    axis.set_title(name)',
        ),
    ),
    _case(
        "two_figures",
        "Two figures, one for each loss.",
        *_own(
            plot='for name, losses in (("train", train_losses), ("valid", valid_losses)):\n    plt.figure()\n'
            '    plt.plot(losses, marker="o")\n    plt.title(name)\n    plt.show()',
        ),
    ),
    _case(
        "logarithmic",
        "Losses on a logarithmic axis.",
        *_own(
            plot="fig, ax = plt.subplots(figsize=(8, 4))\nax.semilogy(np.arange(10), np.array([train_losses, valid_losses]).T)\n"
            'ax.legend(["training", "validation"])\nfig.tight_layout()',
        ),
    ),
    _case("data_frame", "The losses are plotted by pandas.", *_own(plot=FRAME)),
    _case(
        "plotted_together",
        "One more cell plots all three networks' losses on one axis.",
        replace(PLOTTED, f"{PLOTTED}\n    return training_loss, validation_loss"),
        *(replace(f"fit({name}, ", f"curves_{name} = fit({name}, ") for name in ("model_lstm", "model_reversed")),
        replace(
            'fit(model, train_iterator, valid_iterator, test_iterator, "rnn',
            'curves_model = fit(model, train_iterator, valid_iterator, test_iterator, "rnn',
        ),
        insert_after(
            REVERSED_CELL,
            "for name in ('model', 'model_lstm', 'model_reversed'):\n"
            "    train_curve, valid_curve = globals()[f'curves_{name}']\n    plt.plot(train_curve, label=name)\nplt.legend();",
        ),
    ),
    _case(
        "forced_by_choice",
        "Teacher forcing by random.choices.",
        *_forced(
            "teacher_forced = random.choices([True, False], weights=[teacher_forcing_ratio, 1 - teacher_forcing_ratio])[0]",
        ),
    ),
    _case(
        "forced_by_bernoulli",
        "Teacher forcing by torch.bernoulli.",
        *_forced(
            "teacher_forced = bool(torch.bernoulli(torch.tensor(float(teacher_forcing_ratio))))",
        ),
    ),
    _case(
        "forced_by_uniform",
        "Teacher forcing by random.uniform.",
        *_forced(
            "teacher_forced = True if random.uniform(0, 1) < teacher_forcing_ratio else False",
        ),
    ),
    _case(
        "forced_by_binomial",
        "Teacher forcing by numpy's binomial.",
        *_forced(
            "teacher_forced = np.random.binomial(1, teacher_forcing_ratio) == 1",
        ),
    ),
    _case(
        "mixed_parts",
        "A module dictionary in the encoder, packed states, a bias-free view of the token.",
        replace(
            RNN_ENCODED,
            "h_n = self.rnn(embedded)[1]\n        assert h_n.shape == (self.num_layers, x.shape[1], self.hidden_size)\n        return h_n",
        ),
        replace(LSTM_ENCODED, "states = self.rnn(embedded)[-1]\n        return states[0], states[1]"),
        replace(RNN_STEPPED, "output, hidden = self.rnn(embedded.view(1, x.size(0), -1), hidden.contiguous())"),
        replace(
            LSTM_STEPPED, "states = (hidden, cell)\n        output, states = self.rnn(embedded, states)\n        hidden, cell = states"
        ),
    ),
    _case(
        "loop_over_words",
        "The translator's loop goes over the target's rows.",
        replace(
            RNN_LOOP,
            """            scores, hidden = self.decoder(token, hidden)
            outputs[t, :, :] = scores
            best_guess = scores.topk(1)[1].squeeze(1)
            token = y[t] if random.random() < teacher_forcing_ratio else best_guess.detach()""",
        ),
        replace(
            LSTM_LOOP,
            """            scores, hidden, cell = self.decoder(token, hidden, cell)
            outputs[t, :, :] = scores
            if random.random() < teacher_forcing_ratio:
                token = y[t]
            else:
                token = torch.argmax(scores, dim=1)""",
        ),
    ),
    _case(
        "turned_by_insert",
        "Words are put in front one by one.",
        _tokenizer(
            "def turn(text):\n    words = []\n    for token in spacy_de.tokenizer(text):\n"
            "        words.insert(0, token.text)\n    return words",
        ),
    ),
    _case(
        "turned_by_deque",
        "A deque.",
        _tokenizer(
            "from collections import deque\n\n\ndef turn(text):\n    words = deque()\n    for token in spacy_de.tokenizer(text):\n"
            "        words.appendleft(str(token))\n    return list(words)",
        ),
    ),
    _case(
        "turned_by_reversed",
        "reversed() in a comprehension.",
        _tokenizer(
            "def turn(text):\n    return [token.text for token in reversed(spacy_de.tokenizer(text))]",
        ),
    ),
    _case(
        "turned_by_index",
        "By counting down.",
        _tokenizer(
            "def turn(text):\n    words = tokenize_de(text)\n    return [words[i] for i in range(len(words) - 1, -1, -1)]",
        ),
    ),
    _case(
        "turned_by_pop",
        "By popping.",
        _tokenizer(
            "def turn(text):\n    words, turned = tokenize_de(text), []\n    while words:\n"
            "        turned.append(words.pop())\n    return turned",
        ),
    ),
    _case(
        "loaded_by_function",
        "A function loads the data with the tokenizer that it is given.",
        set_source(DATA_CELL, LOADED),
        set_output("def load(tokenize_source", ""),
    ),
    _case(
        "everything_in_function",
        "A function loads, builds and trains; nothing of it stays.",
        set_source(DATA_CELL, "torch.manual_seed(0);"),
        set_output("torch.manual_seed(0);", ""),
        set_source(REVERSED_CELL, EVERYTHING_IN_FUNCTION),
    ),
    _case(
        "turned_batches",
        "The words are turned around in each batch, without start, end and padding.",
        set_source(DATA_CELL, TURNED_BATCHES),
        set_output("class Reversed", ""),
    ),
    _case(
        "field_set_anew",
        "The old field gets the other tokenizer, and the data are loaded anew.",
        set_source(DATA_CELL, RESET_FIELD),
        set_output("source_field.tokenize =", f"{SRC0[::-1]}\n"),
    ),
    _case(
        "data_sets_compared",
        "Sentences are turned by an attribute, and one is compared with the old.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_de")),
        replace(
            FIRST,
            "for data in (train_data_reversed, valid_data_reversed, test_data_reversed):\n    for example in data:\n"
            "        setattr(example, 'src', list(reversed(example.src)))\n"
            "assert train_data_reversed[0].src == train_data[0].src[::-1]\n" + FIRST,
        ),
    ),
)
