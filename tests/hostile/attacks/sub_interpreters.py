# Runs code in interpreters of its own beside the kernel's, and leaves them running.
#
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import importlib
import threading

for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = importlib.import_module(name)
    except ImportError:
        continue
    for _ in range(5):
        one = interpreters.create()
        code = "import os, time\nopen('from_another', 'w').write('x')\ntime.sleep(300)"
        run = getattr(interpreters, "run_string", None) or interpreters.exec
        threading.Thread(target=run, args=(one, code), daemon=True).start()
    break
