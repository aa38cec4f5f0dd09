# Never ends a cell.
#
# table = [10]
# says = ["was interrupted after"]
# cell_seconds = 3
# %%
while True:
    pass
