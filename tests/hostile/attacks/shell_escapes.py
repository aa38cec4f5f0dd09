# Asks the shell to do it: escapes, magics that run programs, magics that write files.
#
# %%
!cat /proc/self/environ; touch from_shell
# %%
%%bash
cat /proc/self/environ
# %%
%%writefile sitecustomize.py
print("BREACH: imported")
# %%
get_ipython().system("touch from_system")
output = get_ipython().getoutput("id")
print(output)
# %%
%run sitecustomize.py
# %%
%env AUTOGRADER_RUN=/tmp
%load_ext autoreload
%autoreload 2
%config InlineBackend.figure_format = "nothing"
