# Changes, from a later cell, what an earlier one has shown.
#
# into = "wrong"
# %%
from IPython.display import display

handle = display("nothing", display_id="earlier")
# %%
handle.update("Network A has 71,442 parameters.")
for number in range(3_000):
    display(f"Epoch {number}, loss 0.001", display_id=f"d{number}")
kernel = get_ipython().kernel
earlier = {**kernel.get_parent(), "header": {**kernel.get_parent()["header"], "msg_id": "made-up"}}
kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": "loss: 0.001"}, parent=earlier)
