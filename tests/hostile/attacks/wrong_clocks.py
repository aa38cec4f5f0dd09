# Sets every clock of Python's wrong, and makes waiting take no time.
#
# into = "right"
# %%
import datetime
import threading
import time

ticks = iter(range(10**9, 0, -1000))
for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: float(next(ticks)))
time.sleep = lambda seconds: None
threading.Event.wait = lambda self, timeout=None: False
try:
    time.clock_settime(time.CLOCK_REALTIME, 0)
    print("BREACH: the machine's clock is set") if datetime.date.today().year == 1970 else None
except OSError as error:
    print(error)
