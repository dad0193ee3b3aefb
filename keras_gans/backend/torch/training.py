import torch
import torch.distributed as dist
from keras import tree

from keras_gans.backend.eager import untaken as untaken
from keras_gans.backend.eager import whole_steps as whole_steps
from keras_gans.backend.randomness import differ_by_replica


def minimize(loss_fn, optimizer, variables):
    """Takes one step of `optimizer` down the gradient of `loss_fn()`."""
    loss = loss_fn()
    gradients = torch.autograd.grad(
        optimizer.scale_loss(loss),
        [v.value for v in variables],
        allow_unused=True,
        materialize_grads=True,
    )
    with torch.no_grad():
        loss, *gradients = _means_over_replicas([loss.detach(), *gradients])
        optimizer.apply(gradients, variables)
    return loss


def _means_over_replicas(tensors):
    """Averages tensors over the replicas, in one message."""
    if replica()[1] == 1:
        return tensors
    flat = torch.cat([t.float().reshape(-1) for t in tensors])
    dist.all_reduce(flat)
    parts = (flat / replica()[1]).split([t.numel() for t in tensors])
    return [
        part.reshape(t.shape).to(t.dtype)
        for part, t in zip(parts, tensors, strict=True)
    ]


def output_and_input_gradient(fn, x):
    """Returns fn(x) and d sum(first output) / d x, itself differentiable."""
    leaves = [
        v if v.requires_grad else v.detach().requires_grad_()
        for v in tree.flatten(x)
    ]
    outputs = fn(tree.pack_sequence_as(x, leaves))
    total = tree.flatten(outputs)[0].sum()
    gradient = torch.autograd.grad(total, leaves, create_graph=True)
    return outputs, tree.pack_sequence_as(x, list(gradient))


def input_gradient(fn, x):
    """Returns d sum(fn(x)) / d x, itself differentiable."""
    return output_and_input_gradient(fn, x)[1]


def adapt_train_step(model, train_step):
    """Returns `train_step(data) -> logs`, which is what `fit` calls."""
    if replica()[1] > 1:
        differ_by_replica(model, replica)
    return train_step


def replica():
    """Returns the number of this replica, and of all replicas."""
    if not dist.is_initialized():
        return 0, 1
    return dist.get_rank(), dist.get_world_size()


def share(rows):
    """Returns this replica's share of rows that all replicas have."""
    index, replicas = replica()
    num = rows.shape[0] // replicas
    return rows[index * num : (index + 1) * num]


def gather(rows):
    """Returns the rows of all replicas, in their order."""
    replicas = replica()[1]
    if replicas == 1:
        return rows
    parts = [torch.empty_like(rows) for _ in range(replicas)]
    dist.all_gather(parts, rows.contiguous())
    return torch.cat(parts)


def mean_over_replicas(x):
    """Returns the mean of the replicas' `x`, differentiable."""
    return x if replica()[1] == 1 else _Mean.apply(x)


class _Mean(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        total = x.clone()
        dist.all_reduce(total)
        return total / replica()[1]

    @staticmethod
    def backward(ctx, dy):
        return _Mean.apply(dy)


def mean_in_logs(values):
    """Returns the mean over replicas, so that callbacks decide alike."""
    if replica()[1] == 1:
        return values
    return mean_over_replicas(torch.as_tensor(values).detach().float().mean())


def replicas_in_batch():
    """Returns 1: each replica computes its own share of a batch."""
    return 1
