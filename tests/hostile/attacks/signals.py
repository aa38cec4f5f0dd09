# Handles every signal, sends itself a storm of them, and stops itself.
#
# says = ["so its kernel was killed"]
# cell_seconds = 4
# %%
import os
import signal
import time

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
time.sleep(0.5)
# %%
os.kill(os.getpid(), signal.SIGSTOP)
