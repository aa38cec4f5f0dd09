"""Wrong masks of question 1.1. The network is trained with them; that is not counted again."""

from __future__ import annotations

from submissions.case import Case, replace
from submissions.q1_parts import mask

LEFT, RIGHT, INPUT = "q1_1.zeroes_left_half", "q1_1.keeps_the_other_half", "q1_1.leaves_the_input_alone"
MASKED, TARGET = "q1_1.trains_on_masked_images", "q1_1.target_is_the_unmasked_image"
HALF = "masked[..., : image_size // 2] = 0"


def wrong(name: str, about: str, line: str, *fails: str) -> Case:
    """The solution with another line that zeroes."""
    return Case(f"q1_wrong_mask_{name}", about, 1, (replace(HALF, line),), fails)


CASES: tuple[Case, ...] = (
    wrong("right", "Zeroes the right half.", "masked[..., image_size // 2 :] = 0", LEFT),
    wrong("top", "Zeroes the upper half: rows for columns.", "masked[..., : image_size // 2, :] = 0", LEFT),
    wrong("bottom", "Zeroes the lower half.", "masked[:, :, image_size // 2 :] = 0", LEFT),
    wrong("first_392", "Zeroes the first half of the flattened pixels.", "masked.view(len(x), -1)[:, :392] = 0", LEFT),
    wrong("thirteen", "One column too few.", "masked[..., : image_size // 2 - 1] = 0", LEFT),
    wrong("fifteen", "One column too many.", "masked[..., : image_size // 2 + 1] = 0", RIGHT),
    wrong("column_one", "Begins at the second column.", "masked[..., 1 : image_size // 2] = 0", LEFT),
    wrong("shifted", "Zeroes columns 1 to 14.", "masked[..., 1 : image_size // 2 + 1] = 0", LEFT),
    wrong("first_image", "Only the first image of the batch.", "masked[0, ..., : image_size // 2] = 0", LEFT),
    wrong("loop_too_short", "The loop ends before the last image.", "for i in range(len(x) - 1): masked[i, ..., :14] = 0", LEFT),
    wrong("ones", "Writes ones instead of zeros.", "masked[..., : image_size // 2] = 1", LEFT),
    wrong("half_grey", "Halves the brightness only.", "masked[..., : image_size // 2] *= 0.5", LEFT),
    wrong("everything", "Zeroes the whole image.", "masked[...] = 0", RIGHT),
    wrong("quarter", "Zeroes the upper left quarter.", "masked[..., :14, :14] = 0", LEFT),
    wrong("all_but_quarter", "Zeroes left and bottom.", "masked[..., :14] = 0; masked[..., 14:, :] = 0", RIGHT),
    wrong(
        "random_square",
        "The small random mask of the class, moved for each image.",
        "for i in range(len(x)):\n        r, c = np.random.randint(0, 20, 2)\n        masked[i, :, r : r + 8, c : c + 8] = 0",
        LEFT,
    ),
    wrong(
        "random_side",
        "Left or right by chance.",
        "for image in masked:\n        start = 14 * random.randint(0, 1)\n        image[:, :, start : start + 14] = 0",
        LEFT,
    ),
    wrong("random_pixels", "Takes every pixel away by chance.", "masked = masked * (torch.rand_like(masked) > 0.5)", LEFT),
    wrong("every_second", "Zeroes every second column.", "masked[..., ::2] = 0", LEFT),
    wrong("inverted", "Keeps the left half: the mask of ones and zeros the wrong way round.", "masked = x * (torch.arange(28) < 14)", LEFT),
    wrong("negative", "Negative grey values instead of zeros.", "masked[..., : image_size // 2] = -1", LEFT),
    wrong("right_rescaled", "Divides what is left by its mean.", "masked[..., :14] = 0; masked = masked / (masked.max() + 1)", RIGHT),
    wrong("nothing", "Nothing is masked: the masked copy is thrown away.", "x.clone()[..., : image_size // 2] = 0", LEFT),
    wrong("not_assigned", "masked_fill without an assignment.", "masked.masked_fill(torch.arange(28) < 14, 0)", LEFT),
    wrong(
        "blurred_edge",
        "The edge goes down to column 10 in the last rows.",
        "masked[..., :14] = 0; masked[..., 20:, 10:14] = x[..., 20:, 10:14]",
        LEFT,
    ),
    Case(
        "q1_wrong_mask_in_place",
        "The mask is written into the argument; the targets of the training are masked, too.",
        1,
        (replace("masked = x.clone()", "masked = x"),),
        (INPUT, TARGET),
    ),
    Case(
        "q1_wrong_mask_in_place_loop",
        "The mask is written into the argument by a loop.",
        1,
        (
            mask("""
                def apply_mask(x, image_size):
                    for image in x:
                        image[:, :, :image_size // 2] = torch.zeros(image_size, image_size // 2)
                    return x
            """),
        ),
        (INPUT, TARGET),
    ),
    Case(
        "q1_wrong_mask_in_place_but_cloned_before",
        "The mask is written into the argument, but the loop gives it a clone.",
        1,
        (
            replace("masked = x.clone()", "masked = x.view(-1, 1, 28, 28)"),
            replace("apply_mask(images, image_size)", "apply_mask(images.clone(), image_size)"),
        ),
        (INPUT,),
    ),
    Case(
        "q1_wrong_mask_squared",
        "The mask of ones and zeros is right, but the rest is brightened.",
        1,
        (mask("def apply_mask(x, image_size):\n    keep = (torch.arange(28) >= 14).float()\n    return x.sqrt() * keep"),),
        (RIGHT,),
    ),
    Case(
        "q1_wrong_mask_returns_the_mask",
        "Returns the mask instead of the masked images.",
        1,
        (mask("def apply_mask(x, image_size):\n    m = torch.ones_like(x)\n    m[..., :14] = 0\n    return m"),),
        (RIGHT,),
    ),
    Case(
        "q1_wrong_mask_returns_nothing",
        "The return is missing, so the loop masks by itself.",
        1,
        (
            mask("def apply_mask(x, image_size):\n    masked = x.clone()\n    masked[..., :14] = 0"),
            replace("apply_mask(images, image_size)", "(images * (torch.arange(28) >= 14))"),
            replace("apply_mask(images.to(device), image_size)", "images * (torch.arange(28) >= 14)"),
        ),
        (LEFT, RIGHT, INPUT),
    ),
)
