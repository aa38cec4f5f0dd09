"""Right training of 3.2 and 3.3, printed, plotted and written in other ways."""

from __future__ import annotations

import math

from submissions.case import Case, Cells, Change, find, insert_after, remove, replace, set_source, without_figures
from submissions.q3_logs import ABOVE, LSTM_CELL, REVERSED_CELL, RNN_CELL, TRAIN, VALIDATION, logged, pasted_plot
from submissions.q3_training_mutants import PLOTTED

ALL = (RNN_CELL, LSTM_CELL, REVERSED_CELL)
PRINTED = """        print(f"Epoch: {epoch + 1:02} | Time: {time.time() - start_time:.0f}s")
        print(f"\\tTrain Loss: {training_loss[-1]:.3f}")
        print(f"\\t Val. Loss: {validation_loss[-1]:.3f}")
"""


def _case(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_trained_{name}", about, 3, changes)


def _printed(code: str, line: str, **options: object) -> tuple[Change, ...]:
    return replace(PRINTED, code), logged(*ALL, line=line, **options)


def _with_perplexity(epoch: int, train: float, validation: float) -> str:
    return (
        f"Epoch: {epoch:02} | Time: 0m 28s\n\tTrain Loss: {train:.3f} | Train PPL: {math.exp(train):7.3f}\n"
        f"\t Val. Loss: {validation:.3f} |  Val. PPL: {math.exp(validation):7.3f}\n"
    )


OWN_LOOP = """def init_weights(m):
    for name, p in m.named_parameters():
        p.data.uniform_(-0.08, 0.08)

reader = RNNEncoder(INPUT_DIM, ENC_EMB_DIM, HID_DIM, N_LAYERS)
network = RNNTranslator(reader, RNNDecoder(OUTPUT_DIM, DEC_EMB_DIM, HID_DIM, N_LAYERS), device).to(device)
network.apply(init_weights)
n = sum(p.numel() for p in network.parameters())
print(f"The model has {n:,} trainable parameters")
opt = torch.optim.Adam(params=network.parameters(), lr=1e-3)
history = {"train": [], "val": []}
for epoch in range(1, 11):
    network.train()
    total = 0.0
    for batch in train_iterator:
        opt.zero_grad(set_to_none=True)
        scores = network(batch.src, batch.trg)
        loss = nn.functional.cross_entropy(scores[1:].reshape(-1, scores.shape[-1]), batch.trg[1:].reshape(-1), ignore_index=TRG_PAD_IDX)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), max_norm=1.0)
        opt.step()
        total += float(loss)
    network.eval()
    held = []
    with torch.inference_mode():
        for batch in valid_iterator:
            scores = network(batch.src, batch.trg, 0)
            flat = scores[1:].reshape(-1, scores.shape[-1])
            held.append(nn.functional.cross_entropy(flat, batch.trg[1:].reshape(-1), ignore_index=TRG_PAD_IDX).item())
    history["train"].append(total / len(train_iterator))
    history["val"].append(sum(held) / len(held))
    print(f"[{epoch}/10] train {history['train'][-1]:.4f} val {history['val'][-1]:.4f} (loss)")
figure, axis = plt.subplots()
axis.plot(history["train"], label="train")
axis.plot(history["val"], label="val")
axis.legend()
model = network
# given: training the RNN translator
"""


def _renumbered(cells: Cells) -> None:
    for cell in cells:
        if cell.cell_type == "code":
            cell["execution_count"] = None


def _warned(cells: Cells) -> None:
    import nbformat

    for marker in ALL:
        noise = "/usr/lib/python3/torch/nn/modules/rnn.py:62: UserWarning: dropout option adds dropout after all but last recurrent layer\n"
        find(cells, marker).outputs.insert(0, nbformat.v4.new_output("stream", name="stderr", text=noise))


SIZES = ("ENC_EMB_DIM = 256\nDEC_EMB_DIM = 256\nHID_DIM = 512\nN_LAYERS = 2\n", "EMBEDDING_SIZE = 256\nHIDDEN_SIZE = 512\nLAYERS = 2\n")
USED = (
    replace("ENC_EMB_DIM, HID_DIM, N_LAYERS", "EMBEDDING_SIZE, HIDDEN_SIZE, LAYERS"),
    replace("DEC_EMB_DIM, HID_DIM, N_LAYERS", "EMBEDDING_SIZE, HIDDEN_SIZE, LAYERS"),
)
WRITTEN = (replace("ENC_EMB_DIM, HID_DIM, N_LAYERS", "256, 512, 2"), replace("DEC_EMB_DIM, HID_DIM, N_LAYERS", "256, 512, 2"))

CASES: tuple[Case, ...] = (
    _case(
        "one_line",
        "One line an epoch.",
        *_printed(
            '        print(f"Epoch {epoch + 1}/{N_EPOCHS}: train_loss={training_loss[-1]:.4f}, val_loss={validation_loss[-1]:.4f}")\n',
            "Epoch {epoch}/10: train_loss={train:.4f}, val_loss={validation:.4f}\n",
        ),
    ),
    _case(
        "bare",
        "Epoch, training and validation loss without units.",
        *_printed(
            '        print("epoch", epoch, "training loss", training_loss[-1], "validation loss", validation_loss[-1])\n',
            "epoch {epoch} training loss {train} validation loss {validation}\n",
        ),
    ),
    _case(
        "perplexity",
        "With perplexities.",
        replace(
            PRINTED,
            """        print(f'Epoch: {epoch+1:02} | Time: 0m 28s')
        print(f'\\tTrain Loss: {training_loss[-1]:.3f} | Train PPL: {math.exp(training_loss[-1]):7.3f}')
        print(f'\\t Val. Loss: {validation_loss[-1]:.3f} |  Val. PPL: {math.exp(validation_loss[-1]):7.3f}')
""",
        ),
        replace(
            'print(f"| Test Loss: {evaluate(model, test_iterator, criterion):.3f}")',
            'last = evaluate(model, test_iterator, criterion)\n    print(f"| Test Loss: {last:.3f} | Test PPL: {math.exp(last):7.3f} |")',
        ),
        logged(*ALL, line=_with_perplexity, end="| Test Loss: 3.812 | Test PPL:  45.241 |\n"),
    ),
    _case(
        "lists",
        "Losses in lists, printed at the end.",
        replace(PRINTED, ""),
        replace(
            "    model.load_state_dict",
            "    print('training:', training_loss)\n    print('validation:', validation_loss)\n    model.load_state_dict",
        ),
        logged(*ALL, line="", end=f"training: {list(TRAIN)}\nvalidation: {list(VALIDATION)}\n| Test Loss: 3.812\n"),
    ),
    _case(
        "bare_lists",
        "Losses as a pair of lists.",
        replace(PRINTED, ""),
        replace("    model.load_state_dict", "    print(training_loss)\n    print(validation_loss)\n    model.load_state_dict"),
        replace('print(f"| Test Loss: {evaluate(model, test_iterator, criterion):.3f}")', "evaluate(model, test_iterator, criterion)"),
        *(logged(cell, line="", end=f"{[round(loss + ABOVE[cell], 3) for loss in TRAIN]}\n{list(VALIDATION)}\n") for cell in ALL),
    ),
    _case(
        "validation_above_5",
        "The validation stays above 5 while the training loss falls.",
        logged(
            RNN_CELL,
            train=[5.042, 4.626, 4.493, 4.41, 4.38, 4.33, 4.31, 4.3, 4.28, 4.27],
            validation=[5.128, 5.164, 5.176, 5.2, 5.21, 5.23, 5.24, 5.26, 5.3, 5.31],
            end="| Test Loss: 5.282\n",
        ),
    ),
    _case(
        "pasted",
        "The plots are pasted where the marker asks for them.",
        replace(PLOTTED, "    plt.plot(training_loss); plt.plot(validation_loss); plt.show()"),
        *map(without_figures, ALL),
        *(pasted_plot(f"__3.{number}__") for number in (2, 3, 4)),
    ),
    _case(
        "plotted_apart",
        "The plots are drawn in cells of their own.",
        replace(PLOTTED, "    return training_loss, validation_loss"),
        *map(without_figures, ALL),
        replace("\nfit(model", "\ncurves = fit(model"),
        *(
            insert_after(cell, "fig, ax = plt.subplots(1, 2)\nax[0].plot(curves[0]); ax[0].set_title('train')\nax[1].plot(curves[1])")
            for cell in ALL
        ),
    ),
    _case(
        "own_loop",
        "A training loop of one's own.",
        set_source(RNN_CELL, f"# {RNN_CELL[7:]}\n{OWN_LOOP}".replace("# given: training the RNN translator\n", "")),
        replace(f"# {RNN_CELL[7:]}\n", f"# {RNN_CELL}\n"),
        logged(RNN_CELL, line="[{epoch}/10] train {train:.4f} val {validation:.4f} (loss)\n", end=""),
    ),
    _case(
        "progress_bars",
        "Progress bars and tqdm.",
        replace(
            "    for batch in iterator:\n        optimizer",
            "    from tqdm import tqdm\n    for batch in tqdm(iterator):\n        optimizer",
        ),
    ),
    _case(
        "for_index",
        "Epochs counted by a while loop.",
        replace("    for epoch in range(N_EPOCHS):\n", "    for epoch, _ in enumerate([None] * N_EPOCHS):\n"),
    ),
    _case(
        "no_best",
        "Keeps no best weights.",
        replace("        if validation_loss[-1] == min(validation_loss):\n            torch.save(model.state_dict(), file_name)\n", ""),
        replace("    model.load_state_dict(torch.load(file_name))\n", ""),
    ),
    _case(
        "adam_rate",
        "Adam with its default rate written out.",
        replace("optim.Adam(model.parameters())", "torch.optim.Adam(model.parameters(), lr=0.001, betas=(0.9, 0.999))"),
    ),
    _case(
        "clip_float",
        "Clips at 1.0, before the optimizer's step, by keyword.",
        replace(
            "nn.utils.clip_grad_norm_(model.parameters(), clip)",
            "torch.nn.utils.clip_grad_norm_(parameters=list(model.parameters()), max_norm=1.0)",
        ),
    ),
    _case(
        "pad_of_source",
        "The padding's number by another way.",
        replace("target_field.vocab.stoi[target_field.pad_token]", 'source_field.vocab.stoi["<pad>"]'),
    ),
    _case(
        "loss_function",
        "The loss by view and slices.",
        replace(
            "criterion(output[1:].flatten(0, 1), trg[1:].flatten())",
            "criterion(output[1:].reshape(-1, output.shape[-1]), trg[1:].reshape(-1))",
        ),
    ),
    _case(
        "loss_permuted",
        "The loss over permuted scores.",
        replace("criterion(output[1:].flatten(0, 1), trg[1:].flatten())", "criterion(output[1:].permute(1, 2, 0), trg[1:].T)"),
    ),
    _case("sizes_written", "Sizes written into the calls.", *WRITTEN),
    _case("sizes_renamed", "Other names for the sizes.", replace(*SIZES), *USED),
    _case(
        "other_names",
        "Other names for networks.",
        replace("model_lstm", "net_lstm"),
        replace("model = RNNTranslator", "translator = RNNTranslator"),
        replace("model.apply(init_weights)\n\nfit(model,", "translator.apply(init_weights)\n\nfit(translator,"),
        replace("translate(model,", "translate(translator,"),
        replace("enc, dec, device", "e, d, device"),
        replace("enc = RNNEncoder", "e = RNNEncoder"),
        replace("dec = RNNDecoder", "d = RNNDecoder"),
    ),
    _case(
        "legacy_imports",
        "The imports of 2022.",
        replace(
            "from torchtext.data import BucketIterator, Field\nfrom torchtext.datasets import Multi30k",
            "from torchtext.legacy.datasets import Multi30k\nfrom torchtext.legacy.data import Field, BucketIterator",
        ),
        replace('spacy.blank("de")', 'spacy.load("de_core_news_sm")'),
        replace('spacy.blank("en")', 'spacy.load("en_core_web_sm")'),
        replace("spacy_de.tokenizer(text)", "spacy_de(text)"),
    ),
    _case(
        "model_packages",
        "The language models as packages.",
        replace("import spacy\n", "!python -m spacy download de_core_news_sm\nimport en_core_web_sm, de_core_news_sm\n"),
        replace('spacy.blank("de")', "de_core_news_sm.load()"),
        replace('spacy.blank("en")', "en_core_web_sm.load()"),
    ),
    _case(
        "short_names",
        "The oldest names of the models.",
        replace('spacy.blank("de")', "spacy.load('de')"),
        replace('spacy.blank("en")', "spacy.load('en')"),
    ),
    _case(
        "no_examples",
        "The example translations were deleted.",
        remove("given: the example once more"),
        remove("given: an example translation"),
    ),
    _case("no_counts", "No execution counts.", _renumbered),
    _case("warnings", "Warnings on stderr.", _warned),
)
