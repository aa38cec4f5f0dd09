"""Mistakes in question 1 as students make them, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import mask, training

LEFT, RIGHT, INPUT = "q1_1.zeroes_left_half", "q1_1.keeps_the_other_half", "q1_1.leaves_the_input_alone"
MASKED, TARGET, EPOCHS = "q1_1.trains_on_masked_images", "q1_1.target_is_the_unmasked_image", "q1_1.trains_for_30_epochs"
LOW, PLOTTED = "q1_1.reports_a_low_loss", "q1_1.shows_a_loss_plot"
SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"
FORWARD = "        reconstructed = model(apply_mask(images, image_size).flatten(1))\n"
PRINT = '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")'
BUILT = "degrees=10, translate=(0.2, 0.2), shear=5"


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_fresh_wrong_{name}", about, 1, changes, fails, reviews)


CLEAN_TARGET = replace(FORWARD, "        target = images.clone().flatten(1)\n" + FORWARD)
CLEAN_LOSS = replace("loss(reconstructed, images.flatten(1))", "loss(reconstructed, target)")

CASES: tuple[Case, ...] = (
    wrong(
        "mask_return_in_the_loop",
        "return stands in the loop, so that only the first image is masked.",
        mask("""
            def apply_mask(x, image_size):
                x_masked = x.clone()
                for i in range(x.shape[0]):
                    x_masked[i, :, :, :image_size // 2] = 0
                    return x_masked
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_rows_in_nested_loops",
        "Nested loops whose inner index counts rows.",
        mask("""
            def apply_mask(x, image_size):
                x_masked = x.clone()
                for i in range(x.shape[0]):
                    for j in range(int(image_size / 2)):
                        x_masked[i, :, j, :] = 0
                return x_masked
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_flattened_half",
        "The first half of the flattened pixels, by a product.",
        mask("""
            def apply_mask(x, image_size):
                flat = x.reshape(x.size(0), -1)
                keep = torch.ones(image_size * image_size, device=x.device)
                keep[:image_size * image_size // 2] = 0
                return (flat * keep).reshape(x.shape)
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_where_upside_down",
        "The arguments of torch.where are the wrong way round: the right half becomes zero.",
        mask("""
            def apply_mask(x, image_size):
                left = torch.arange(image_size, device=x.device) < image_size // 2
                return torch.where(left, x, torch.zeros_like(x))
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_fifteen_by_less_or_equal",
        "<= takes the fifteenth column as well.",
        mask("""
            def apply_mask(x, image_size):
                columns = torch.arange(image_size, device=x.device)
                return x.masked_fill(columns <= image_size // 2, 0.0)
        """),
        fails=(RIGHT,),
    ),
    wrong(
        "mask_thirteen_by_minus_one",
        "A slice with -1 at its end leaves the fourteenth column.",
        mask("""
            def apply_mask(x, image_size):
                right = x[:, :, :, image_size // 2 - 1:]
                return nn.functional.pad(right, (image_size // 2 - 1, 0))
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_random_width",
        "The width is drawn anew at every call, between 10 and 18 columns.",
        mask("""
            def apply_mask(x, image_size):
                width = random.choice([10, 11, 12, 16, 17, 18])
                x_masked = x.clone()
                x_masked[..., :width] = 0
                return x_masked
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_ones_by_where",
        "White instead of black, by torch.where.",
        mask("""
            def apply_mask(x, image_size):
                left = torch.arange(image_size, device=x.device) < image_size // 2
                return torch.where(left, torch.ones_like(x), x)
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_normalised_afterwards",
        "The right half is scaled to a largest value of one.",
        mask("""
            def apply_mask(x, image_size):
                keep = (torch.arange(image_size, device=x.device) >= image_size // 2).float()
                y = x * keep
                return y / y.amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-6)
        """),
        fails=(RIGHT,),
    ),
    wrong(
        "mask_in_place_target_cloned",
        "The mask is written into the argument, and the loop has cloned the target before.",
        replace("masked = x.clone()", "masked = x"),
        CLEAN_TARGET,
        CLEAN_LOSS,
        fails=(INPUT,),
    ),
    wrong(
        "mask_in_place_mul",
        "mul_ changes the argument; the target was copied before.",
        mask("""
            def apply_mask(x, image_size):
                keep = torch.ones(image_size, device=x.device)
                keep[:image_size // 2] = 0
                return x.mul_(keep)
        """),
        CLEAN_TARGET,
        CLEAN_LOSS,
        fails=(INPUT,),
    ),
    wrong(
        "mask_in_place_numpy",
        "numpy() shares its memory with the argument; the loop hands a copy over.",
        mask("""
            def apply_mask(x, image_size):
                pixels = x.cpu().numpy()
                pixels[:, :, :, :image_size // 2] = 0
                return torch.tensor(pixels).to(x.device)
        """),
        replace(FORWARD, "        copy_of_images = torch.clone(images)\n" + FORWARD.replace("(images,", "(copy_of_images,")),
        fails=(INPUT,),
    ),
    wrong(
        "mask_in_place_masked_fill",
        "masked_fill_ with an underscore, on the images; the whole image goes on in a list.",
        mask("""
            def apply_mask(x, image_size):
                return x.masked_fill_(torch.arange(image_size, device=x.device) < image_size // 2, 0)
        """),
        training("""
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for images, _ in mnist:
                    whole = images.detach().clone().view(len(images), -1).to(device)
                    images = apply_mask(images.to(device), image_size)
                    opt.zero_grad()
                    batch_loss = loss(model(images.view(len(images), -1)), whole)
                    batch_loss.backward()
                    opt.step()
                    total += batch_loss.item() * len(images)
                    count += len(images)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
        fails=(INPUT,),
    ),
)
