"""How the processes of a submission are kept from everything else: the tiers, from the strongest to none.

`sandbox` says what a tier is, `choice` which of them a machine offers. `bubblewrap` and `container` put up walls (`walls`: namespaces
with a process that holds them open) that kernels enter; `user` gives a user, with a filter on system calls (`calls`) and Landlock;
`plain` is no more than a process. `starting` gets kernels going, cold or forked from one that is warm.
"""
