# Shows one output of 100 MB, of several types, and many of 20 MB.
#
# table = [17]
# cell_seconds = 10
# %%
from IPython.display import HTML, display

display({"text/plain": "x" * 100_000_000}, raw=True)
# %%
display({"image/png": "A" * 100_000_000, "text/html": "<b>" * 3_000_000}, raw=True)
# %%
for _ in range(12):
    display({"image/png": "A" * 20_000_000}, raw=True)
# %%
raise ValueError("x" * 50_000_000)
