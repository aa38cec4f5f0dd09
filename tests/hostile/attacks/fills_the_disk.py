# Writes to every folder that takes it until it is full, then makes small files without end.
#
# table = [16]
# walls = true
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import os
import tempfile

written = 0
for folder in (".", os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", "/run", "/", "/dev"):
    try:
        for number in range(40):
            with open(f"{folder}/flood{number}", "wb") as file:
                for _ in range(8):
                    file.write(b"x" * 2**24)
                    written += 2**24
    except OSError as error:
        print(folder, error)
if written > 3 * 2**30:
    print("BREACH: wrote", written)
# %%
made = 0
try:
    while made < 300_000:
        open(f"small{made}", "w").close()
        made += 1
except OSError as error:
    print(made, error)
