# Swallows interrupts in its destructors, its handlers and its threads until the time of the whole notebook is over.
#
# table = [11]
# says = ["used up the time"]
# flags = ["over_budget"]
# budget = 14
# cell_seconds = 100
# [outcomes]
# "q1_1.*" = "review|failed"
# %%
import signal
import threading

signal.signal(signal.SIGINT, lambda *_: None)
for _ in range(4):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()
while True:
    try:
        for _ in iter(int, 1):
            pass
    finally:
        continue
