# Runs code of its own in the next kernel before the grader has said a word to it, and answers the grader's first questions with nonsense.
#
# table = [27]
# flags = ["kernel_died"]
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import os

STARTUP = '''
import harness_inside.session as session

nested = "x" * 100
for _ in range(400):
    nested = [nested]
odd = {"nested": nested, "\\\\ud800": "\\\\ud800\\\\x00", "": float("inf"), "many": ["x" * 1000] * 5000, "number": 10**4000}
for name in ("begin", "begin_section", "begin_cell", "end_cell", "observed", "finish", "measure"):
    setattr(session, name, lambda *_, **__: session.reply(odd, {}))
'''
for folder in (os.environ.get("IPYTHONDIR", ""), os.path.expanduser("~/.ipython")):
    os.makedirs(f"{folder}/profile_default/startup", exist_ok=True)
    with open(f"{folder}/profile_default/startup/00-first.py", "w") as file:
        file.write(STARTUP)
os._exit(1)
