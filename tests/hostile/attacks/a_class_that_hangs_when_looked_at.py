# Defines names whose attributes, lengths, comparisons and texts never end or raise everything, so that whoever looks at the notebook stops.
#
# cell_seconds = 6
# budget = 20
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %% end
class Hostile:
    def __getattr__(self, name):
        while True:
            pass

    def __len__(self):
        raise SystemExit

    def __bool__(self):
        raise KeyboardInterrupt

    def __eq__(self, other):
        raise RecursionError

    __hash__ = None

    def __repr__(self):
        raise MemoryError


hostile = model = apply = loss = optimizer = losses = Hostile()

class Meta(type(torch.nn.Module)):
    def __instancecheck__(cls, thing):
        raise SystemExit

    def __subclasscheck__(cls, other):
        raise SystemExit


class Network(torch.nn.Module, metaclass=Meta):
    pass


network = Network()
