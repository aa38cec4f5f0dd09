# Is honest: eight workers that load data, a pool of four processes with the tokenizers of two languages, and locks between them.
#
# table = [28]
# into = "right"
# seconds = 120
# budget = 100
# cell_seconds = 60
# %%
import multiprocessing

import spacy
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.rand(256, 3)), batch_size=8, num_workers=8, persistent_workers=True)
for _ in range(2):
    assert sum(len(batch) for (batch,) in loader) == 256


def tokens(language):
    return [token.text for token in spacy.blank(language)("a b c")]


with multiprocessing.Pool(4) as pool:
    assert pool.map(tokens, ["en", "de"] * 8) == [["a", "b", "c"]] * 16
shared = torch.zeros(1000).share_memory_()
counted = multiprocessing.Value("i", 0)
