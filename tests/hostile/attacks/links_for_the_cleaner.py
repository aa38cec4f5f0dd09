# Leaves links, folders that cannot be entered and names without end for whoever removes its folder.
#
# %%
import os

os.symlink(f"{places['out']}/another-student", "link")
os.symlink("/", "everything")
os.makedirs("closed/inner")
open("closed/inner/file", "w").close()
os.chmod("closed/inner", 0)
os.chmod("closed", 0)
deep = "d" * 200
for _ in range(200):
    os.mkdir(deep)
    os.chdir(deep)
os.mkfifo("pipe")
open(b"\xff\xfe\n", "w").close()
