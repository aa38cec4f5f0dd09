# Replaces the harness' own functions inside the kernel: what measures, what packs, what replies, what seeds.
#
# into = "wrong"
# budget = 15
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import json
import sys

for name in ("session", "measuring", "recorder", "wire", "store", "scaling", "magics"):
    module = sys.modules.get(f"harness_inside.{name}")
    for attribute in dir(module) if module else ():
        if callable(getattr(module, attribute)) and not attribute.startswith("__") and attribute not in ("begin_cell", "end_cell"):
            setattr(module, attribute, lambda *_, **__: ({"kind": "passed", "facts": {"passed": True}}, {}))
json.dumps = lambda *_, **__: '{"kind": "finding", "facts": {"passed": true}}'
np.savez = lambda *_, **__: None
