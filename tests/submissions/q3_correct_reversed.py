"""Right ways to reverse the source in 3.4."""

from __future__ import annotations

from submissions.case import Case, Cells, Change, find, remove, replace, set_source
from submissions.q3_logs import REVERSED_CELL, pasted_plot
from submissions.q3_reversed_mutants import FIRST, SOURCE

PLAIN = SOURCE.replace("tokenize_de_reverse", "tokenize_de")


def _case(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q3_turned_{name}", about, 3, changes)


def _reused(cells: Cells) -> None:
    """Give 3.4's variables the names of 3.1 and 3.3."""
    for containing in ("source_field_reversed = Field", REVERSED_CELL):
        cell = find(cells, containing)
        cell.source = (
            cell.source.replace("enc_reversed", "enc_lstm")
            .replace("dec_reversed", "dec_lstm")
            .replace("model_reversed", "model_lstm")
            .replace("_reversed", "")
        )


def _same_line(containing: str, old: str, new: str) -> Change:
    def change(cells: Cells) -> None:
        cell = find(cells, containing)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return change


OWN_EXAMPLES = """from torchtext.data import Dataset, Example

source_field_reversed = Field(tokenize=str.split, init_token="<sos>", eos_token="<eos>")
target_field_reversed = Field(tokenize=str.split, init_token="<sos>", eos_token="<eos>")
both = [("src", source_field_reversed), ("trg", target_field_reversed)]


def turned(data):
    return Dataset([Example.fromlist([list(reversed(one.src)), list(one.trg)], both) for one in data.examples], both)


train_data_reversed, valid_data_reversed, test_data_reversed = turned(train_data), turned(valid_data), turned(test_data)
source_field_reversed.build_vocab(train_data_reversed, min_freq=2)
target_field_reversed.build_vocab(train_data_reversed, min_freq=2)
train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed = BucketIterator.splits(
    (train_data_reversed, valid_data_reversed, test_data_reversed), batch_size=128, device=device
)
"""
TURNED = """for split in (train_data_reversed, valid_data_reversed, test_data_reversed):
    for example in split.examples:
        example.src = example.src[::-1]
"""
IN_PLACE = """for data in (train_data, valid_data, test_data):
    for example in data.examples:
        example.src.reverse()
print(vars(train_data.examples[0]))
"""
OLD_TRAINING = (
    replace("LSTMEncoder(len(source_field_reversed.vocab)", "LSTMEncoder(INPUT_DIM"),
    replace("LSTMDecoder(len(target_field_reversed.vocab)", "LSTMDecoder(OUTPUT_DIM"),
    replace("train_iterator_reversed, valid_iterator_reversed, test_iterator_reversed,", "train_iterator, valid_iterator, test_iterator,"),
)

CASES: tuple[Case, ...] = (
    _case("same_names", "The names of 3.1 and 3.3 are used again.", _reused),
    _case(
        "lambda",
        "A lambda as tokenizer.",
        replace(SOURCE, SOURCE.replace("tokenize_de_reverse", "lambda text: [tok.text for tok in spacy_de.tokenizer(text)][::-1]")),
    ),
    _case("list_reversed", "list(reversed()).", replace("return tokenize_de(text)[::-1]", "return list(reversed(tokenize_de(text)))")),
    _case(
        "in_place_list",
        "list.reverse().",
        replace("return tokenize_de(text)[::-1]", "words = tokenize_de(text)\n    words.reverse()\n    return words"),
    ),
    _case(
        "pipeline",
        "A preprocessing pipeline of the field.",
        replace(SOURCE, PLAIN.replace("lower=True", "lower=True, preprocessing=lambda words: words[::-1]")),
    ),
    _case(
        "examples",
        "The examples of the new data are turned around.",
        replace(SOURCE, PLAIN),
        replace(
            FIRST,
            f"{TURNED}{FIRST}",
        ),
    ),
    _case("own_examples", "Data sets made from the examples of 3.1.", set_source("source_field_reversed = Field", OWN_EXAMPLES)),
    _case(
        "old_examples",
        "The data sets of 3.1 are turned around themselves.",
        set_source("source_field_reversed = Field", IN_PLACE),
        *OLD_TRAINING,
    ),
    _case(
        "target_field_kept",
        "The target field of 3.1 is used again.",
        replace("fields=(source_field_reversed, target_field_reversed)", "fields=(source_field_reversed, target_field)"),
        replace("target_field_reversed.build_vocab(train_data_reversed, min_freq=2)", ""),
        replace("len(target_field_reversed.vocab)", "len(target_field.vocab)"),
        replace('target_field_reversed = Field(tokenize=tokenize_en, init_token="<sos>", eos_token="<eos>", lower=True)\n', ""),
    ),
    _case(
        "edited_in_place",
        "The cells of 3.1 were edited and run again; 3.4 holds the picture and the printed losses.",
        _same_line("source_field = Field", "tokenize=tokenize_de,", "tokenize=tokenize_de_reverse,"),
        remove("source_field_reversed = Field"),
        remove(REVERSED_CELL),
        pasted_plot("__3.4__"),
        replace("The plot is the output of the cell above.", "The plot after training again.", kind="markdown"),
    ),
    _case(
        "edited_in_place_again",
        "The cells of 3.1 were edited, and the LSTM is trained again in 3.4.",
        _same_line("source_field = Field", "tokenize=tokenize_de,", "tokenize=tokenize_de_reverse,"),
        remove("source_field_reversed = Field"),
        *OLD_TRAINING,
    ),
    _case(
        "function_edited",
        "tokenize_de itself was edited.",
        replace(
            "    return [token.text for token in spacy_de.tokenizer(text)]",
            "    return [token.text for token in spacy_de.tokenizer(text)][::-1]",
        ),
        remove("source_field_reversed = Field"),
        *OLD_TRAINING,
    ),
    _case(
        "new_names",
        "Names without a telling word.",
        replace("train_data_reversed", "a"),
        replace("valid_data_reversed", "b"),
        replace("test_data_reversed", "c"),
        replace("source_field_reversed", "DE"),
        replace("target_field_reversed", "EN"),
        replace("train_iterator_reversed", "it1"),
        replace("valid_iterator_reversed", "it2"),
        replace("test_iterator_reversed", "it3"),
    ),
    _case(
        "tuple_of_data",
        "The data sets stay in a tuple.",
        replace("train_data_reversed, valid_data_reversed, test_data_reversed = Multi30k", "reversed_data = Multi30k"),
        replace(FIRST, "train_data_reversed = reversed_data[0]"),
        replace("(train_data_reversed, valid_data_reversed, test_data_reversed)", "reversed_data"),
    ),
    _case(
        "in_function",
        "Training stands in a function.",
        replace("fit(model_reversed, train", "def run():\n    fit(model_reversed, train"),
        replace('"lstm-reversed-model.pt")', '"lstm-reversed-model.pt")\n\n\nrun()'),
    ),
)
