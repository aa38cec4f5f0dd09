"""Student code that makes and reverses translation data, on a small torchtext look-alike that reads the staged sentences of FOLDER."""

LIBRARY = """
import spacy
from collections import Counter
from pathlib import Path

spacy_de, spacy_en = spacy.blank("de"), spacy.blank("en")
def tokenize_de(text): return [tok.text for tok in spacy_de.tokenizer(text)]
def tokenize_en(text): return [tok.text for tok in spacy_en.tokenizer(text)]
def tokenize_de_reverse(text): return tokenize_de(text)[::-1]
def tokenize_en_reverse(text): return tokenize_en(text)[::-1]

class Field:
    pad_token = "<pad>"
    def __init__(self, tokenize):
        self.tokenize = tokenize
    def preprocess(self, text):
        return [token.lower() for token in self.tokenize(text)]
    def build_vocab(self, data, side):
        words = {token for example in data.examples for token in getattr(example, side)}
        self.vocab = type("Vocab", (), {"stoi": {"<unk>": 0, "<pad>": 1}, "__len__": lambda self: len(words) + 4})()

class Example:
    pass

class Multi30k:
    def __init__(self, split, source, target):
        self.fields, self.examples = {"src": source, "trg": target}, []
        texts = [(Path(FOLDER) / "multi30k" / f"{split}.{language}").read_text().splitlines() for language in ("de", "en")]
        for german, english in zip(*texts):
            example = Example()
            example.src, example.trg = source.preprocess(german), target.preprocess(english)
            self.examples.append(example)

def splits(source, target):
    return [Multi30k(split, source, target) for split in ("train", "val", "test2016")]

class Iterator:
    def __init__(self, dataset):
        self.dataset = dataset
"""

FIRST = """
source_field, target_field = Field(tokenize_de), Field(tokenize_en)
train_data, valid_data, test_data = splits(source_field, target_field)
source_field.build_vocab(train_data, "src"); target_field.build_vocab(train_data, "trg")
train_iterator = Iterator(train_data)
observed = {"datasets": {"3.3": [train_data]}}
"""

AGAIN = """
source_field_re, target_field_re = Field(tokenize_de_reverse), Field(tokenize_en)
train_data_re, valid_data_re, test_data_re = splits(source_field_re, target_field_re)
train_iterator_re = Iterator(train_data_re)
observed["datasets"]["3.4"] = [train_data_re, valid_data_re, test_data_re]
"""
