# Returns, shows and raises lists of ten thousand levels.
#
# into = "wrong"
# cell_seconds = 10
# [outcomes]
# "q1_1.*" = "failed|not_run"
# %% mask
nested = []
for _ in range(10_000):
    nested = [nested]


def apply_mask(x, image_size=28):
    return nested
# %%
from IPython.display import JSON, display

deep = []
for _ in range(800):
    deep = [deep]
display(JSON(deep))
display({"text/plain": "[" * 100_000, "application/json": deep}, raw=True)
# %%
import json

kernel = get_ipython().kernel
text = b"[" * 100_000 + b"]" * 100_000
parts = kernel.session.serialize(kernel.session.msg("display_data", {}, parent=kernel.get_parent()))
for place in range(2, len(parts)):
    kernel.iopub_socket.send_multipart([*parts[:place], text, *parts[place + 1 :]])
# %% end
raise ValueError(*["x"] * 10_000)
