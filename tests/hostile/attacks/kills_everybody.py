# Sends signals to the grader, to its parent, to the first process and to all processes, where the system lets it.
#
# table = [13]
# walls = true
# [outcomes]
# "q1_1.*" = "passed|not_run|failed|review"
# %%
import glob
import os
import signal

mine = {os.getpid()}
for process in (places["grader"], *(int(path.split("/")[-1]) for path in glob.glob("/proc/[0-9]*"))):
    try:
        owner = os.stat(f"/proc/{process}").st_uid
        os.kill(process, 0)
    except OSError as error:
        print(process, type(error).__name__)
    else:
        if owner != os.getuid() or process == places["grader"] != os.getpid():
            print("BREACH: a signal reaches", process, "of user", owner)
# %%
import os
import signal

assert os.getuid() != 0, "BREACH: this is root, which would kill the whole machine"
for target in (os.getppid(), 1, -1, 0):
    try:
        os.kill(target, signal.SIGTERM)
        os.kill(target, signal.SIGKILL)
    except OSError as error:
        print(target, error)
