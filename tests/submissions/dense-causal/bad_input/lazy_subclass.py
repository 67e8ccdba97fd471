# expect: wrong_shape
# A tensor subclass that would compute when it is read.
import torch


class Lazy(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return super().__torch_function__(func, types, args, kwargs or {})


def attention(q, k, v):
    return (v + 0).as_subclass(Lazy)
