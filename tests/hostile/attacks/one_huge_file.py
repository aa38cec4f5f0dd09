# Writes one file without end.
#
# table = [16]
# %%
with open("huge", "wb") as file:
    for _ in range(1000):
        file.write(b"x" * 2**20)
print("BREACH: a file of 1 GB")
