# Ends its kernel three times without a word.
#
# table = [13]
# says = ["The kernel died in this cell"]
# flags = ["kernel_died"]
# [outcomes]
# "q1_1.*" = "not_run|failed"
# %%
import os

os._exit(0)
# %%
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
# %%
import ctypes

ctypes.string_at(0)
