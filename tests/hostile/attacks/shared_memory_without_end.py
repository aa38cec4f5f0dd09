# Fills memory that is counted for no single process: shared mappings, and files in memory.
#
# table = [15, 16]
# walls = true
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import mmap

kept = []
for _ in range(24):
    part = mmap.mmap(-1, 2**28)
    part.write(b"x" * 2**28)
    kept.append(part)
print("BREACH: 6 GB of shared memory")
