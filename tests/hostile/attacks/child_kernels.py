# Starts kernels of its own and speaks to them.
#
# %%
from jupyter_client.manager import start_new_kernel

for _ in range(2):
    manager, client = start_new_kernel(startup_timeout=15)
    client.execute("import time\nwhile True: time.sleep(1)")
