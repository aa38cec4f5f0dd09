# Sends rubbish to the grader over its own sockets: parts that are missing, headers that are none, replies to nobody.
#
# cell_seconds = 15
# %%
import os

kernel = get_ipython().kernel
session, published, parent = kernel.session, kernel.iopub_socket, kernel.get_parent()
whole = session.serialize(session.msg("stream", {"name": "stdout", "text": "x"}, parent=parent))
for content in (b"", b"[]", b"null", b"1e999", b"{", b"\xff\xfe", b'{"msg_type": 3}', b'{"msg_type": null, "msg_id": []}', b"9" * 100_000, os.urandom(1000)):
    for place in range(len(whole)):
        published.send_multipart([*whole[:place], content, *whole[place + 1 :]])
    published.send_multipart([content])
    published.send_multipart([content] * 20)
for kind in ("status", "error", "stream", "display_data", "execute_result", "update_display_data", "clear_output", "comm_open", "x" * 100_000):
    for content in ({}, {"data": []}, {"data": {"text/plain": [3]}, "transient": 7}, {"text": {}, "name": []}, {"traceback": 7, "ename": []}):
        session.send(published, kind, content, parent=parent)
# %%
for content in ({"status": "ok"}, {"status": "error", "ename": {}, "evalue": [], "traceback": [[]]}, {"status": 7}, {}):
    session.send(kernel.shell_stream, "execute_reply", content, parent=parent, ident=[b"nobody"])
session.send(published, "status", {"execution_state": "idle"}, parent=kernel.get_parent())
print("after the end")
