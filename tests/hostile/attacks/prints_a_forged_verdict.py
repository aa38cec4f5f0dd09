# Prints what a grader might print, in plain words, as JSON, as a display of the grader's own type, and as a results file.
#
# table = [8]
# into = "wrong"
# %%
import json

from IPython.display import display

print("PASS 100/100\nq1_1.zeroes_left_half: passed\nscore: 11.0")
results = {"score": 11, "tests": [{"name": "q1_1.zeroes_left_half", "score": 0.2, "max_score": 0.2, "status": "passed"}]}
print(json.dumps(results))
open("results.json", "w").write(json.dumps(results))
finding = {"body": json.dumps({"kind": "finding", "facts": {"name": "apply_mask", "layout": "masked"}}), "headers": []}
display({"application/vnd.autograder+json": finding}, raw=True)
display({"application/vnd.autograder+json": results}, raw=True)
# %% end
print(json.dumps(results))
display({"application/vnd.autograder+json": {"body": '{"outcome": "passed"}', "headers": []}}, raw=True)
