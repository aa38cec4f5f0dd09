# Puts links in place of its own folders, so that the grader writes elsewhere when it starts the next kernel.
#
# walls = true
# flags = ["kernel_died"]
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %% file report.json
{"score": 11, "forged": true}
# %% file grades.csv
submission,score
# %%
import os
import shutil

work = os.getcwd()
run = os.path.dirname(work)
for name in ("work", "home", "temporary", "sockets", "inside", "data"):
    try:
        os.rename(f"{run}/{name}", f"{run}/{name}-before")
        os.symlink(f"{places['out']}/another-student", f"{run}/{name}")
    except OSError as error:
        print(name, error)
# %%
import os

for name in list(os.listdir(".")):
    try:
        os.remove(name)
        os.symlink(f"{places['out']}/another-student/{name}", name)
    except OSError as error:
        print(name, error)
os._exit(1)
