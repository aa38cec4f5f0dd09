"""Training cells of question 3 that are a student's own, with places where students differ."""

from __future__ import annotations

from submissions.case import Change, set_source
from submissions.q3_logs import LSTM_CELL, REVERSED_CELL, RNN_CELL

BUILT = {
    RNN_CELL: """enc = RNNEncoder(INPUT_DIM, ENC_EMB_DIM, HID_DIM, N_LAYERS)
dec = RNNDecoder(OUTPUT_DIM, DEC_EMB_DIM, HID_DIM, N_LAYERS)
model = RNNTranslator(enc, dec, device).to(device)
""",
    LSTM_CELL: """enc_lstm = LSTMEncoder(INPUT_DIM, ENC_EMB_DIM, HID_DIM, N_LAYERS)
dec_lstm = LSTMDecoder(OUTPUT_DIM, DEC_EMB_DIM, HID_DIM, N_LAYERS)
model_lstm = LSTMTranslator(enc_lstm, dec_lstm, device).to(device)
""",
    REVERSED_CELL: """enc_reversed = LSTMEncoder(len(source_field_reversed.vocab), ENC_EMB_DIM, HID_DIM, N_LAYERS)
dec_reversed = LSTMDecoder(len(target_field_reversed.vocab), DEC_EMB_DIM, HID_DIM, N_LAYERS)
model_reversed = LSTMTranslator(enc_reversed, dec_reversed, device).to(device)
""",
}
NETWORK = {RNN_CELL: "model", LSTM_CELL: "model_lstm", REVERSED_CELL: "model_reversed"}
SPLITS = {RNN_CELL: "", LSTM_CELL: "", REVERSED_CELL: "_reversed"}
LOOP = """# {marker}
{build}{network}.apply(init_weights)
{counted}
optimizer = {optimizer}
criterion = {criterion}
train_losses, valid_losses = [], []
{before}
for epoch in {epochs}:
    {network}.train()
    total = 0
    for batch in {training}:
        {zero}
        output = {network}(batch.src, batch.trg)
        loss = criterion(output[1:].reshape(-1, output.shape[-1]), batch.trg[1:].reshape(-1))
        {backward}
        {clip}
        {step}
        total += loss.item()
    train_losses.append(total / len({iterator}))

    {evaluation}
    total = 0
    with torch.no_grad():
        for batch in {validation}:
            output = {network}(batch.src, batch.trg, 0)
            total += criterion(output[1:].reshape(-1, output.shape[-1]), batch.trg[1:].reshape(-1)).item()
    valid_losses.append(total / len({validation}))
    {printed}
{after}
{plot}
"""
PRINTED = 'print(f"{epoch + 1:2d}  train {train_losses[-1]:.3f}  valid {valid_losses[-1]:.3f}")'
LINE = "{epoch:2d}  train {train:.3f}  valid {validation:.3f}\n"
PLOT = 'plt.plot(train_losses, label="train")\nplt.plot(valid_losses, label="valid")\nplt.legend()\nplt.show()'


def own_loop(cell: str, **places: str) -> Change:
    """Write a training cell as a loop of its own; `places` names what differs."""
    network, split = NETWORK[cell], SPLITS[cell]
    usual = {
        "build": BUILT[cell],
        "optimizer": "optim.Adam({network}.parameters())",
        "criterion": "nn.CrossEntropyLoss(ignore_index=TRG_PAD_IDX)",
        "counted": 'print(f"The model has {count_parameters({network}):,} trainable parameters")',
        "before": "",
        "epochs": "range(N_EPOCHS)",
        "training": "{iterator}",
        "zero": "optimizer.zero_grad()",
        "backward": "loss.backward()",
        "clip": "torch.nn.utils.clip_grad_norm_({network}.parameters(), CLIP)",
        "step": "optimizer.step()",
        "evaluation": "{network}.eval()",
        "printed": PRINTED,
        "after": "",
        "plot": PLOT,
    }
    assert places.keys() <= usual.keys(), places.keys() - usual.keys()
    names = {"network": network, "iterator": f"train_iterator{split}", "validation": f"valid_iterator{split}"}
    chosen = {
        name: text.replace("{network}", network).replace("{iterator}", names["iterator"]).replace("{validation}", names["validation"])
        for name, text in {**usual, **places}.items()
    }
    return set_source(cell, LOOP.format(marker=cell, **names, **chosen))
