# Is honest: workers that load data, figures, a slow cell, a file of its own, threads, and a child process.
#
# table = [28]
# into = "right"
# %%
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.rand(64, 3)), batch_size=8, num_workers=2)
print(sum(len(batch) for (batch,) in loader))
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(lambda number: number**2, range(8))))
print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True).stdout)
time.sleep(2)
# %%
figure, axes = plt.subplots(2, 2)
for axis in axes.flat:
    axis.imshow(np.random.rand(28, 28))
plt.savefig("mine.png")
plt.show()
torch.save({"weights": torch.rand(10)}, "mine.pt")
assert torch.load("mine.pt")["weights"].shape == (10,)
