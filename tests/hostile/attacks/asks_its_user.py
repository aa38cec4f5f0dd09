# Asks for input in every way, opens comms, and changes displays that are not there.
#
# cell_seconds = 3
# %%
input("points? ")
# %%
import getpass

getpass.getpass()
# %%
import sys

print(sys.stdin.read(), sys.stdin.readline())
kernel = get_ipython().kernel
kernel._allow_stdin = True
kernel.get_parent()["content"]["allow_stdin"] = True
kernel._input_request("points? ", kernel._parent_ident["shell"], kernel.get_parent("shell"), password=True)
# %%
from IPython.display import clear_output, display

kernel = get_ipython().kernel
for number in range(3000):
    clear_output(wait=bool(number % 2))
    display(number, display_id="one")
    display("never shown", display_id=f"unknown{number}", update=True)
    kernel.session.send(kernel.iopub_socket, "comm_open", {"comm_id": str(number), "target_name": "x", "data": {}}, parent=kernel.get_parent())
# %%
import pdb

pdb.set_trace()
# %%
%debug
