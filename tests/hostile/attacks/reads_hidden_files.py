# Opens the hidden checks, the reference, another student's result and another run's folder, in every way that there is to open a file.
#
# table = [1]
# walls = true
# %%
import base64
import glob
import mmap
import os
import pathlib
import shutil
import subprocess


def mapped(path):
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as content:
        return bytes(content)[::-1]


def linked(path):
    os.symlink(path, "link")
    try:
        return pathlib.Path("link").read_text()
    finally:
        os.remove("link")


WAYS = (
    lambda path: open(path).read(),
    lambda path: os.read(os.open(path, os.O_RDONLY), 100_000).hex(),
    lambda path: base64.b64encode(pathlib.Path(path).read_bytes()),
    mapped,
    linked,
    lambda path: os.link(path, "hard") or open("hard").read(),
    lambda path: open("/proc/self/root" + path).read(),
    lambda path: [open(root + path).read() for root in glob.glob("/proc/[0-9]*/root")],
    lambda path: subprocess.run(["cat", path], capture_output=True, check=True).stdout,
    lambda path: shutil.copy(path, "copy") and open("copy").read(),
    lambda path: np.fromfile(path, dtype="uint8").tobytes(),
)
for path in places["files"]:
    for way in WAYS:
        try:
            print(way(path))
        except Exception as error:
            print(type(error).__name__)
# %%
for folder in (places["out"], places["root"] + "/tests/checks", places["root"] + "/reference"):
    try:
        print("BREACH: listed", folder, os.listdir(folder))
    except OSError as error:
        print(error)
# %%
for folder, _, names in os.walk("/"):
    if not folder.startswith(("/proc", "/sys")) and {"q1_1.py", "private.txt", "notes.txt"} & set(names):
        print(folder, [open(os.path.join(folder, name), errors="replace").read() for name in names])
