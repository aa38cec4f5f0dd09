# Asks for 50 GB at once, and for more than memory holds in steps.
#
# table = [15]
# into = "right"
# cell_seconds = 40
# budget = 90
# seconds = 120
# %%
huge = torch.ones(50 * 2**30, dtype=torch.uint8)
# %%
kept = []
while True:
    kept.append(torch.ones(2**28, dtype=torch.uint8))
# %%
kept = []
while True:
    kept.append(bytearray(2**27))
