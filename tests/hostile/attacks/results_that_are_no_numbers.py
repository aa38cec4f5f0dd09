# Returns infinities, text, booleans, other shapes, generators, and a class that claims to be an array.
#
# table = [23]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed"
# %% mask
class Claims:
    shape, ndim, dtype, size = (1, 1, 28, 28), 4, np.dtype("float32"), 784

    def __len__(self):
        return 10**15

    def __iter__(self):
        while True:
            yield self

    @property
    def __array_interface__(self):
        return {"shape": (10**9,), "typestr": "<f4", "data": (0, False), "version": 3}


calls = iter(range(10_000))


def apply_mask(x, image_size=28):
    kinds = (
        x * float("inf"),
        "masked",
        np.array(["masked"] * len(x)),
        (x > 0).int() * 2**31,
        x.to(torch.complex64),
        (x for _ in iter(int, 1)),
        Claims(),
        torch.empty(0),
        torch.sparse_coo_tensor(size=(10**6, 10**6, 10**3)),
        x.expand(10_000, *x.shape),
    )
    return kinds[next(calls) % len(kinds)]
