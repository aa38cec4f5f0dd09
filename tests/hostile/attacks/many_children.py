# Leaves a hundred sleeping children behind, half of them in sessions of their own.
#
# table = [14, 19]
# %%
import os
import time

for number in range(100):
    if os.fork() == 0:
        if number % 2:
            os.setsid()
        time.sleep(300)
        os._exit(0)
