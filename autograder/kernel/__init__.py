"""The kernel stage: a submission goes in, an `Execution` comes out.

`replay` drives, `start` opens a kernel in a run folder, `isolation` keeps its processes from everything else, `conversation` speaks with
it, `wire` carries requests and replies. `inside/` is copied into the run folder and is all of this package that a student's kernel sees.
Whatever student code does wrong is data in the `Execution`; a HarnessError means that no kernel could be started at all.
"""
