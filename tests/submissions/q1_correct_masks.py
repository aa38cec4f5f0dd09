"""Correct masks of question 1.1, each with the call that fits it."""

from __future__ import annotations

from submissions.case import Case, replace
from submissions.q1_parts import mask, reconstruction, training

FLAT_RECONSTRUCTION = """
    model.eval()
    with torch.no_grad():
        out = model(apply_mask(x.reshape(1, 784).to(device)))
    plt.imshow(out.cpu().view(28, 28), cmap='gray')
    plt.show()

    def reconstruct(images):
        with torch.no_grad():
            return model(apply_mask(images.reshape(-1, 784).to(device))).reshape(images.shape).cpu()
"""

CASES: tuple[Case, ...] = (
    Case(
        "q1_mask_loop_over_images",
        "Goes over the images of the batch one by one, with fixed numbers, and has a third argument.",
        1,
        (
            mask("""
                def apply_mask(x: torch.Tensor, image_size: int, mask_size: int = 14):
                    x_masked = x.clone()
                    for i in range(x.shape[0]):
                        x_masked[i, 0, :, :mask_size] = 0.0
                    return x_masked
            """),
        ),
    ),
    Case(
        "q1_mask_only_x",
        "Takes the images only, and multiplies them by a mask of ones and zeros.",
        1,
        (
            mask("""
                def apply_mask(x):
                    mask = torch.ones_like(x)
                    mask[:, :, :, 0:14] = 0
                    return x * mask
            """),
            replace("apply_mask(images, image_size)", "apply_mask(images)"),
            replace("apply_mask(images.to(device), image_size)", "apply_mask(images.to(device))"),
        ),
    ),
    Case(
        "q1_mask_torch_where",
        "Chooses with torch.where by the column's number, inside no_grad.",
        1,
        (
            mask("""
                @torch.no_grad()
                def apply_mask(x, image_size):
                    columns = torch.arange(x.shape[-1], device=x.device)
                    return torch.where(columns < image_size // 2, torch.zeros_like(x), x)
            """),
        ),
    ),
    Case(
        "q1_mask_masked_fill_flat",
        "Uses masked_fill, and returns the batch flattened to 784 pixels.",
        1,
        (
            mask("""
                def apply_mask(x, image_size):
                    with torch.no_grad():
                        hidden = torch.zeros(image_size, image_size, dtype=torch.bool, device=x.device)
                        hidden[:, :image_size // 2] = True
                        return x.masked_fill(hidden, 0.).view(x.size(0), -1)
            """),
            replace("apply_mask(images, image_size).flatten(1)", "apply_mask(images, image_size)"),
            replace("model(masked.flatten(1))", "model(masked)"),
        ),
    ),
    Case(
        "q1_mask_pad",
        "Cuts the right half out and pads it with zeros on the left; returns (B, 28, 28).",
        1,
        (
            mask("""
                import torch.nn.functional as F

                def apply_mask(x, image_size=28):
                    right = x.squeeze(1)[:, :, image_size // 2:]
                    return F.pad(right, (image_size // 2, 0))
            """),
        ),
    ),
    Case(
        "q1_mask_cat",
        "Joins zeros and the right half.",
        1,
        (
            mask("""
                def apply_mask(x, size, mask_size):
                    left = torch.zeros(x.shape[0], x.shape[1], size, mask_size).to(x.device)
                    return torch.cat([left, x[..., mask_size:]], dim=-1)
            """),
            replace("apply_mask(images, image_size)", "apply_mask(images, image_size, image_size // 2)"),
            replace("apply_mask(images.to(device), image_size)", "apply_mask(images.to(device), image_size, 14)"),
        ),
    ),
    Case(
        "q1_mask_every_pixel",
        "Three nested loops over rows and columns, built up from an empty tensor.",
        1,
        (
            mask("""
                def apply_mask(x, image_size):
                    out = torch.zeros_like(x)
                    for row in range(image_size):
                        for column in range(image_size):
                            if column >= image_size / 2:
                                out[:, :, row, column] = x[:, :, row, column]
                    return out
            """),
        ),
    ),
    Case(
        "q1_mask_numpy",
        "Goes through numpy and back, with np.copy.",
        1,
        (
            mask("""
                def apply_mask(x, image_size):
                    arr = np.copy(x.detach().cpu().numpy())
                    arr[:, :, :, :int(image_size/2)] = 0
                    return torch.from_numpy(arr).to(x.device)
            """),
        ),
    ),
    Case(
        "q1_mask_deepcopy_index_fill",
        "Copies with copy.deepcopy and fills the columns by their indices.",
        1,
        (
            mask("""
                import copy
                def apply_mask(x, image_size, **kwargs):
                    y = copy.deepcopy(x)
                    y.index_fill_(3, torch.arange(image_size // 2).to(y.device), 0)
                    return y
            """),
        ),
    ),
    Case(
        "q1_mask_list_and_stack",
        "Masks each image of the batch by a helper, in a list comprehension, and stacks them.",
        1,
        (
            mask("""
                def mask_one(img, image_size):
                    img = img.clone()
                    img[0, :, :image_size // 2] = 0
                    return img

                def apply_mask(x, image_size):
                    return torch.stack([mask_one(img, image_size) for img in x], dim=0)
            """),
        ),
    ),
    Case(
        "q1_mask_flat_input",
        "The mask takes flattened images (B, 784), and the loop flattens first.",
        1,
        (
            mask("""
                def apply_mask(x):
                    x = x.clone().view(-1, 28, 28)
                    x[:, :, :14] = 0
                    return x.view(-1, 28 * 28)
            """),
            reconstruction(FLAT_RECONSTRUCTION),
            training("""
                mse = []
                for epoch in range(epochs):
                    for data, target in mnist:
                        data = data.view(data.size(0), -1).to(device)
                        opt.zero_grad()
                        l = loss(model(apply_mask(data)), data)
                        l.backward()
                        opt.step()
                    mse.append(l.item())
                    print('Epoch: %d\\tMSE loss: %.4f' % (epoch + 1, l.item()))
                losses = mse
            """),
        ),
    ),
    Case(
        "q1_mask_strictly_flat_input",
        "The mask takes only rows of 784 pixels, and zeroes the left half of each row by strides.",
        1,
        (
            mask("""
                def apply_mask(x, image_size=28, mask_size=14):
                    assert x.dim() == 2
                    masked = x.clone()
                    for row in range(image_size):
                        masked[:, row * image_size: row * image_size + mask_size] = 0
                    return masked
            """),
            replace("apply_mask(images, image_size).flatten(1)", "apply_mask(images.flatten(1), image_size)"),
            reconstruction(FLAT_RECONSTRUCTION),
        ),
    ),
    Case(
        "q1_mask_lambda",
        "A lambda instead of a function with a name of its own.",
        1,
        (mask("apply_mask = lambda x, image_size: torch.cat((torch.zeros_like(x[..., :14]), x[..., 14:]), -1)  # def apply_mask"),),
    ),
    Case(
        "q1_mask_inside_a_no_grad_with_out_tuple",
        "Returns the masked images together with the mask, and the loop takes the first.",
        1,
        (
            mask("""
                def apply_mask(x, image_size):
                    keep = torch.ones(1, 1, image_size, image_size).to(x)
                    keep[..., :image_size // 2] *= 0
                    return x * keep, keep
            """),
            replace("apply_mask(images, image_size).flatten(1)", "apply_mask(images, image_size)[0].flatten(1)"),
            replace("masked = apply_mask(images.to(device), image_size)", "masked, _ = apply_mask(images.to(device), image_size)"),
        ),
    ),
    Case(
        "q1_mask_as_a_module",
        "The mask is an nn.Module, of which apply_mask is an instance.",
        1,
        (
            mask("""
                # def apply_mask as a module
                class LeftMask(nn.Module):
                    def __init__(self, width=14):
                        super().__init__()
                        self.width = width
                    def forward(self, x, image_size=28):
                        keep = torch.arange(image_size, device=x.device) >= self.width
                        return x * keep
                apply_mask = LeftMask()
            """),
        ),
    ),
)
