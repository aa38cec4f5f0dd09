# Writes into the folder of results, renames what is there, and puts files and links beside it.
#
# table = [2]
# walls = true
# %%
import glob
import json
import os
import shutil

out = places["out"]
full = json.dumps({"score": 11.0, "tests": [{"name": "all", "score": 11, "max_score": 11, "status": "passed"}]})


def attempt(act, *arguments):
    try:
        act(*arguments)
    except Exception as error:
        print(type(error).__name__)
    else:
        print("done", getattr(act, "__name__", act))


def write(path):
    with open(path, "w") as file:
        file.write(full)


for student in ("another-student", "right_alone", "rewrites_the_results", "new-student"):
    for name in ("results.json", "report.json", "feedback.html"):
        attempt(write, f"{out}/{student}/{name}")
        attempt(os.symlink, "/etc/passwd", f"{out}/{student}/{name}.new")
attempt(os.rename, out, out + "-gone")
attempt(os.rename, f"{out}/another-student", f"{out}/mine")
attempt(os.remove, f"{out}/another-student/report.json")
attempt(write, f"{out}/grades.csv")
for root in glob.glob("/proc/[0-9]*/root"):
    attempt(write, f"{root}{out}/another-student/report.json")
for path in places["files"]:
    attempt(os.truncate, path, 0) if "canary" in path or "ag-" in path else None
