# Asks its own kernel to end, at once and at the end of what it is doing.
#
# table = [12]
# flags = ["kernel_died"]
# [outcomes]
# "q1_1.*" = "passed|failed|not_run"
# %%
get_ipython().ask_exit()
# %%
import asyncio

get_ipython().kernel.do_shutdown(False)
asyncio.get_event_loop().stop()
# %%
get_ipython().kernel.io_loop.call_later(0.2, get_ipython().kernel.io_loop.stop)
