# Loads data with 64 workers that never give anything back.
#
# cell_seconds = 8
# says = ["Cell"]
# %%
import time

from torch.utils.data import DataLoader, Dataset


class Slow(Dataset):
    def __len__(self):
        return 10_000

    def __getitem__(self, place):
        time.sleep(300)


next(iter(DataLoader(Slow(), num_workers=64, prefetch_factor=2)))
