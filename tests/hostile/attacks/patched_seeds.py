# Replaces the functions that seed, and seeds everything anew whenever it is called.
#
# into = "right"
# %%
import random

torch.manual_seed = lambda seed: torch.default_generator
np.random.seed = lambda seed=None: None
random.seed = lambda *_, **__: None
torch.set_num_threads = lambda number: None
