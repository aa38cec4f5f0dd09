# Shuts its own folders, puts pipes, sockets and links where the next kernel begins, and lowers its own limits, before it ends.
#
# flags = ["kernel_died"]
# seconds = 60
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import os
import resource
import socket

work = os.getcwd()
run = os.path.dirname(work)
for name in ("a\nb", "\udcff", "x" * 250, "-rf", " "):
    os.mkfifo(name)
    os.link(name, name[:200] + "2")
open("set", "w").close()
os.chmod("set", 0o6777)
for path in (f"{run}/inside/harness_inside/session.py", f"{run}/connections/k0.json"):
    try:
        os.link(path, "linked")
    except OSError as error:
        print(error)
for number in range(1, 4):
    for port in range(1, 6):
        path = f"{run}/sockets/k{number}-{port}"
        if port == 1:
            os.mkfifo(path)
        elif port == 2:
            os.mkdir(path)
        elif port == 3:
            os.symlink("/dev/zero", path)
        else:
            socket.socket(socket.AF_UNIX).bind(path)
for name in ("work", "home", "temporary", "sockets"):
    try:
        os.chmod(f"{run}/{name}", 0)
    except OSError as error:
        print(name, error)
for name in ("CORE", "FSIZE", "NOFILE", "NPROC", "STACK", "MEMLOCK"):
    resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
os.kill(os.getpid(), 9)
