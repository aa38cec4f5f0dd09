# Closes the sockets and files over which the grader speaks to it.
#
# cell_seconds = 4
# flags = ["kernel_died"]
# %%
import os

os.closerange(0, 1000)
# %%
kernel = get_ipython().kernel
kernel.iopub_socket.close()
for stream in (kernel.shell_stream, kernel.control_stream):
    stream.close() if stream else None
