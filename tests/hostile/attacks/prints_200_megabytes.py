# Prints 200 MB, in long lines, in short lines, and past Python.
#
# table = [17]
# says = ["cut the rest"]
# cell_seconds = 10
# %%
for _ in range(200):
    print("x" * 1_000_000)
# %%
for _ in range(400_000):
    print("short line")
# %%
import os

for _ in range(50):
    os.write(1, b"y" * 1_000_000)
    os.write(2, b"z" * 1_000_000)
