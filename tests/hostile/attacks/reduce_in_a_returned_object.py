# Returns objects that make a file, or a connection, wherever they are unpickled.
#
# table = [23]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed"
# %% mask
import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, (f"touch {places['out']}/unpickled",))


class BombTensor(torch.Tensor):
    def __reduce_ex__(self, protocol):
        return Bomb().__reduce__()


def apply_mask(x, image_size=28):
    if len(x) == 1:
        return np.array([Bomb()] * 784, dtype=object)
    if len(x) == 5:
        return x.as_subclass(BombTensor)
    return [Bomb(), pickle.dumps(Bomb())]
