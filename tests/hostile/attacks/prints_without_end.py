# Prints for ever, in a thread of its own too.
#
# table = [17]
# says = ["printed without end"]
# cell_seconds = 15
# %%
import threading


def flood():
    while True:
        print("x" * 10_000)


threading.Thread(target=flood, daemon=True).start()
flood()
