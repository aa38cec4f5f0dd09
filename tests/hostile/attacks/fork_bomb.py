# Forks until the system refuses, and lets the children fork too.
#
# table = [14]
# walls = true
# flags = []
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import os
import time

until = time.monotonic() + 6
made = 0
while time.monotonic() < until:
    try:
        if os.fork() == 0:
            os.setsid()
            while time.monotonic() < until + 30:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.05)
            os._exit(0)
        made += 1
    except OSError as error:
        print(made, error)
        time.sleep(0.2)
assert made < 2000, "BREACH: nothing stops it"
