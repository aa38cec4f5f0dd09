# Prints hundreds of thousands of backspaces, carriage returns and terminal sequences.
#
# table = [18]
# %%
print("a" * 400_000 + "\b" * 400_000)
print("\r" * 400_000)
print("\x1b[" * 200_000 + "\x1b]8;;" * 100_000)
print(("\x1b[31m" + "\x1b[0m") * 50_000)
