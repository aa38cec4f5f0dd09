# Swallows every interrupt, and tells the system to ignore it.
#
# table = [11]
# says = ["so its kernel was killed"]
# flags = ["kernel_died"]
# cell_seconds = 2
# %%
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
while True:
    try:
        while True:
            time.sleep(0.1)
    except BaseException:
        pass
