# Leaves a daemon, a thread and a function for the end, which all go on writing.
#
# table = [19]
# %%
import atexit
import os
import subprocess
import sys
import threading
import time


def write(name):
    while True:
        with open(os.path.expanduser(f"~/{name}"), "a") as file:
            file.write("still here\n")
        time.sleep(0.1)


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        write("daemon")
    os._exit(0)
threading.Thread(target=write, args=("thread",)).start()
atexit.register(write, "end")
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
