# Leaves in every polite way that Python knows.
#
# table = [12]
# into = "right"
# says = ["SystemExit"]
# %%
import sys

sys.exit(0)
# %%
raise SystemExit("100 of 100 points")
# %%
quit()
# %%
exit(0)
# %%
raise KeyboardInterrupt
# %%
raise GeneratorExit
