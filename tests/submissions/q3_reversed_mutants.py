"""Wrong data and training in 3.4."""

from __future__ import annotations

from submissions.case import Case, Change, replace, set_source
from submissions.q3_logs import REVERSED_CELL, logged
from submissions.q3_training_mutants import _count

SOURCE = 'source_field_reversed = Field(tokenize=tokenize_de_reverse, init_token="<sos>", eos_token="<eos>", lower=True)'
TARGET = 'target_field_reversed = Field(tokenize=tokenize_en, init_token="<sos>", eos_token="<eos>", lower=True)'
FIRST = "print(vars(train_data_reversed.examples[0]))"


def _source(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_reversed_{name}", about, 3, changes, ("q3_4.source_reversed",))


def _target(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_reversed_{name}", about, 3, changes, ("q3_4.target_in_english_order",))


def _training(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_reversed_{name}", about, 3, changes, ("q3_4.lstm_trained_on_it",))


FLIPPED = """class Turned:
    def __init__(self, iterator):
        self.iterator = iterator

    def __len__(self):
        return len(self.iterator)

    def __iter__(self):
        for batch in self.iterator:
            batch.src = torch.flip(batch.src, [0])
            yield batch


train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed = map(Turned, (train_iterator, valid_iterator, test_iterator))
source_field_reversed, target_field_reversed = source_field, target_field
"""
ITERATORS = "train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed"

CASES: tuple[Case, ...] = (
    Case(
        "q3_reversed_batches",
        "The batches are turned around on their way to the network, start token, padding and all.",
        3,
        (set_source("source_field_reversed = Field", FLIPPED),),
        reviews=("q3_4.source_reversed",),
    ),
    _source("nothing", "Reverses nothing.", replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_de"))),
    _source(
        "letters", "Reverses the letters.", replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "lambda text: tokenize_de(text[::-1])"))
    ),
    _source(
        "each_word",
        "Reverses each word.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "lambda text: [word[::-1] for word in tokenize_de(text)]")),
    ),
    _source(
        "twice", "Reverses twice.", replace(SOURCE, SOURCE.replace("lower=True", "lower=True, preprocessing=lambda words: words[::-1]"))
    ),
    _source(
        "sorted",
        "Sorts the words backwards.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "lambda text: sorted(tokenize_de(text), reverse=True)")),
    ),
    _source(
        "english_tokenizer",
        "Cuts the German with the English tokenizer.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_en_reverse")),
    ),
    _source(
        "only_test",
        "Reverses the test sentences only.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_de")),
        replace(FIRST, f"for example in test_data_reversed.examples:\n    example.src = example.src[::-1]\n{FIRST}"),
    ),
    _source(
        "only_train",
        "Reverses the training sentences only.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_de")),
        replace(FIRST, f"for example in train_data_reversed.examples:\n    example.src.reverse()\n{FIRST}"),
    ),
    _target("both", "Reverses the target too.", replace(TARGET, TARGET.replace("tokenize_en", "tokenize_en_reverse"))),
    _target("target_german", "Cuts the target with the German tokenizer.", replace(TARGET, TARGET.replace("tokenize_en", "tokenize_de"))),
    _target(
        "target_german_reversed",
        "Cuts the target with the reversed German tokenizer.",
        replace(TARGET, TARGET.replace("tokenize_en", "tokenize_de_reverse")),
    ),
    _target(
        "field_for_both",
        "Uses the source field for both languages.",
        replace("fields=(source_field_reversed, target_field_reversed)", "fields=(source_field_reversed, source_field_reversed)"),
        replace("target_field_reversed.build_vocab(train_data_reversed, min_freq=2)", "target_field_reversed = source_field_reversed"),
    ),
    Case(
        "q3_reversed_wrong_side",
        "Reverses the target instead of the source.",
        3,
        (
            replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "tokenize_de")),
            replace(TARGET, TARGET.replace("tokenize_en", "tokenize_en_reverse")),
        ),
        ("q3_4.source_reversed", "q3_4.target_in_english_order"),
    ),
    _training(
        "vocabulary_of_target",
        "The source vocabulary is built from the English sentences.",
        replace(
            "source_field_reversed.build_vocab(train_data_reversed, min_freq=2)",
            "source_field_reversed.build_vocab(train_data_reversed.trg, min_freq=2)",
        ),
    ),
    _training(
        "old_data",
        "Trains on the data of 3.1.",
        replace(f"fit(model_reversed, {ITERATORS},", "fit(model_reversed, train_iterator, valid_iterator, test_iterator,"),
        replace("LSTMEncoder(len(source_field_reversed.vocab)", "LSTMEncoder(INPUT_DIM"),
        replace("LSTMDecoder(len(target_field_reversed.vocab)", "LSTMDecoder(OUTPUT_DIM"),
    ),
    _training(
        "old_training_data",
        "Trains on the training data of 3.1.",
        replace(
            f"fit(model_reversed, {ITERATORS},", "fit(model_reversed, train_iterator, valid_iterator_reversed, test_iterator_reversed,"
        ),
    ),
    _training(
        "rnn",
        "Trains the RNN.",
        replace("enc_reversed = LSTMEncoder", "enc_reversed = RNNEncoder"),
        replace("dec_reversed = LSTMDecoder", "dec_reversed = RNNDecoder"),
        replace("model_reversed = LSTMTranslator", "model_reversed = RNNTranslator"),
        logged("enc_reversed = RNNEncoder", count=_count(453, 373, 256, 512, 1)),
    ),
    _training(
        "other_model_stepped",
        "The optimizer holds the parameters of 3.3's network.",
        replace(
            "optimizer = optim.Adam(model.parameters())",
            'optimizer = optim.Adam((model_lstm if "reversed" in file_name else model).parameters())',
        ),
    ),
    Case(
        "q3_reversed_loss_above",
        "The loss stays above 5.",
        3,
        (logged(REVERSED_CELL, train=[5.9 - 0.05 * epoch for epoch in range(10)]),),
        ("q3_4.reported_loss",),
    ),
    Case(
        "q3_reversed_loss_nan",
        "The loss is not a number.",
        3,
        (logged(REVERSED_CELL, train=[4.1, *[float("nan")] * 9]),),
        ("q3_4.reported_loss",),
    ),
)
