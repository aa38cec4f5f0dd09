# Puts scripts, terminal sequences and text that runs backwards into everything that a report may show.
#
# table = [24]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed"
# "q4_2.*" = "passed|failed|review"
# %% mask
SCRIPT = "</script></style><script>alert(1)</script><img src=x onerror=alert(1)>\x1b]8;;https://evil.example\x07link\x1b[31m\u202e"


class Evil(Exception):
    pass


Evil.__name__ = SCRIPT


def apply_mask(x, image_size=28):
    raise Evil(SCRIPT)


apply_mask.__name__ = SCRIPT
# %%
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

SCRIPT = "</script></style><script>alert(1)</script><img src=x onerror=alert(1)>\x1b]8;;https://evil.example\x07link\x1b[31m\u202e"
for kind in (HTML, Javascript, Latex, Markdown):
    display(kind(SCRIPT))
display({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"}, raw=True)
display({"text/markdown": "[x](javascript:alert(1)) ![y](https://evil.example/pixel.png)", "text/plain": SCRIPT}, raw=True)
print(SCRIPT)
print("\ud800")
# %% end
raise ValueError("</script><script>alert(1)</script>\x1b[2J\u202e {{ 7 * 7 }} $$x$$")
# %% markdown
# <script>alert(1)</script> [x](javascript:alert(1)) <iframe src="https://evil.example"></iframe> ![y](https://evil.example/pixel.png)
