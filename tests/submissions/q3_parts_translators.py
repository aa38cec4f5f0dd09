"""Translators of 3.2 and 3.3 in other words."""

from __future__ import annotations

from submissions.q3_parts import L_TRA, R_TRA, swap

CHOICE = """            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            token = y[t] if teacher_force else top1"""

# translators
STACK_R_TRA = swap(
    R_TRA,
    "outputs = torch.zeros(out_seq_len, batch_size, self.decoder.output_size).to(self.device)", "outputs = []",
    "outputs[t] = output", "outputs.append(output)",
    "        return outputs", "        first = torch.zeros_like(outputs[0])\n        return torch.stack([first] + outputs, dim=0)",
    "random.random() < teacher_forcing_ratio", "torch.rand(1).item() < teacher_forcing_ratio",
    "output.argmax(1)", "output.max(dim=1)[1]",
)  # fmt: skip

TRAIN_ONLY_R_TRA = swap(R_TRA, "random.random() < teacher_forcing_ratio", "self.training and random.random() < teacher_forcing_ratio")

SOS_R_TRA = swap(
    R_TRA,
    "token = y[0]", 'token = torch.full((batch_size,), target_field.vocab.stoi["<sos>"], dtype=torch.long, device=self.device)',
    "self.decoder.output_size", "self.decoder.fc.out_features",
)  # fmt: skip

CAT_R_TRA = swap(
    R_TRA,
    "outputs = torch.zeros(out_seq_len, batch_size, self.decoder.output_size).to(self.device)",
    "outputs = torch.zeros(1, batch_size, self.decoder.output_size, device=x.device)",
    "outputs[t] = output", "outputs = torch.cat([outputs, output.unsqueeze(0)])",
    CHOICE,
    "            with torch.no_grad():\n                guess = output.softmax(1).argmax(1)\n"
    "            token = random.choices([y[t], guess], weights=[teacher_forcing_ratio, 1 - teacher_forcing_ratio])[0]",
)  # fmt: skip

HALF_R_TRA = swap(
    R_TRA,
    CHOICE,
    "            if np.random.uniform() < teacher_forcing_ratio:\n                token = y[t]\n            else:\n"
    "                probabilities = torch.softmax(output, dim=-1)\n                token = torch.max(probabilities, dim=-1).indices",
)

SENTENCE_L_TRA = """
class LSTMTranslator(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder, self.decoder, self.device = encoder, decoder, device

    def step(self, token, state):
        scores, *state = self.decoder(token, *state)
        return scores, state

    def forward(self, x, y, teacher_forcing_ratio=0.5):
        x, y = x.to(self.device), y.to(self.device)
        state = self.encoder(x)
        token, steps = y[0], iter(y[1:])
        scores = [torch.zeros(y.size(1), self.decoder.output_size, device=self.device)]
        for right in steps:
            now, state = self.step(token, state)
            scores.append(now)
            token = right if random.uniform(0, 1) < teacher_forcing_ratio else now.argmax(dim=-1)
        return torch.stack(scores)
"""

VOCABULARY_L_TRA = swap(
    L_TRA,
    "self.decoder.output_size",
    "self.decoder.embedding.num_embeddings",
    "random.random() < ",
    "torch.bernoulli(torch.tensor(float(1))) * random.random() < ",
)

OWN_LOOP_L_TRA = swap(
    L_TRA,
    "        outputs = torch.zeros(out_seq_len, batch_size, self.decoder.output_size).to(self.device)\n", "        outputs = None\n",
    "            outputs[t] = output\n",
    "            if outputs is None:\n"
    "                outputs = output.new_zeros(out_seq_len, batch_size, output.shape[-1])\n            outputs[t] = output\n",
    "random.random() < teacher_forcing_ratio", "bool(np.random.binomial(1, teacher_forcing_ratio))",
)  # fmt: skip

EOS_L_TRA = swap(
    L_TRA,
    "            token = y[t] if teacher_force else top1",
    "            token = y[t] if teacher_force else top1\n"
    '            if not self.training and (token == target_field.vocab.stoi["<eos>"]).all():\n'
    "                break",
)
