# Leaves a daemon with an empty environment, another name, and no parent, whose own parent has long ended.
#
# table = [19]
# %%
import os
import subprocess
import sys

CODE = """
import os, time
for _ in range(3):
    if os.fork():
        os._exit(0)
    os.setsid()
os.chdir("/")
os.closerange(0, 100)
open("/proc/self/comm", "w").write("systemd")
time.sleep(600)
"""
subprocess.run([sys.executable, "-c", CODE], env={}, cwd="/")
