# Looks for other submissions that are graded at the same time: processes, memory, sockets, folders, traces.
#
# table = [29]
# walls = true
# %%
import glob
import os
import socket

for process in glob.glob("/proc/[0-9]*"):
    number = int(process.split("/")[-1])
    try:
        owner = os.stat(process).st_uid
        if owner == os.getuid():
            continue
        for name in ("environ", "mem", "maps", "fd", "cwd", "root"):
            try:
                target = f"{process}/{name}"
                os.listdir(target) if name in ("fd", "cwd", "root") else open(target, "rb").read(1)
                if name != "maps":
                    print("BREACH: looked into", target)
            except OSError:
                pass
    except OSError:
        pass
# %%
own = os.path.dirname(os.getcwd())
for folder in glob.glob(os.path.dirname(own) + "/ag-*"):
    if os.path.realpath(folder) != os.path.realpath(own):
        for part in ("work", "home", "sockets", "temporary"):
            try:
                print("BREACH: listed", folder, os.listdir(f"{folder}/{part}"))
            except OSError:
                pass
# %%
for line in open("/proc/net/unix"):
    name = line.split()[-1]
    if "/sockets/" in name and not name.startswith(own):
        with socket.socket(socket.AF_UNIX) as link:
            try:
                link.connect(name)
                print("BREACH: connected to", name)
            except OSError:
                pass
