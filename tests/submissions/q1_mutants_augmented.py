"""1.3 with other pictures than three augmented images and their reconstructions."""

from __future__ import annotations

from submissions.case import Case, Change
from submissions.q1_parts import augmentation

SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"

SIX = """fig, ax = plt.subplots(2, 3)
for i in range(3):
    ax[0, i].imshow({upper}, cmap='gray')
    ax[1, i].imshow({lower}, cmap='gray')
plt.show()"""
AUGMENT = "augment = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)\n"


def six(before: str, upper: str, lower: str) -> Change:
    """Three pictures above and three below, for each i two expressions."""
    return augmentation(AUGMENT + before + "\n" + SIX.format(upper=upper, lower=lower))


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_augmented_{name}", about, 1, changes, fails, reviews)


CASES: tuple[Case, ...] = (
    wrong(
        "list_multiplied",
        "A list times three.",
        six("versions = [augment(x)] * 3", "versions[i][0]", "reconstruct(versions[i][None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "original_displayed",
        "x is shown instead of the augmented images.",
        six("versions = [augment(x) for _ in range(3)]", "x[0]", "reconstruct(versions[i][None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "reconstruct_then_augment_both",
        "Augmented images of x above, augmented reconstructions of x below.",
        six(
            "r = reconstruct(x[None])[0]\nversions = [augment(x) for _ in range(3)]\nrecs = [augment(r) for _ in range(3)]",
            "versions[i][0]",
            "recs[i][0]",
        ),
        fails=(THREE,),
    ),
    wrong(
        "two_and_the_original",
        "The original and two augmented ones.",
        six("versions = [x, augment(x), augment(x)]", "versions[i][0]", "reconstruct(versions[i][None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "augment_twice",
        "What is shown and what is reconstructed are different draws.",
        six("", "augment(x)[0]", "reconstruct(augment(x)[None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "one_reconstruction_thrice",
        "The reconstruction of the first one three times.",
        six("versions = [augment(x) for _ in range(3)]", "versions[i][0]", "reconstruct(versions[0][None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "other_network_in_1_3",
        "1.3 uses a new network.",
        six(
            "versions = [augment(x) for _ in range(3)]\nfresh = MLPAutoencoder(2, 784, 256, 64)\nfresh.eval()",
            "versions[i][0]",
            "fresh(apply_mask(versions[i][None], 28).flatten(1)).detach().reshape(28, 28)",
        ),
        fails=(THREE,),
    ),
    wrong(
        "other_digits",
        "Three digits of the data set are augmented.",
        six(
            "digits, _ = next(iter(mnist))\nversions = [augment(d) for d in digits[:3]]",
            "versions[i][0]",
            "reconstruct(versions[i][None])[0, 0]",
        ),
        fails=(THREE,),
    ),
    wrong(
        "rows_of_784",
        "The reconstructions as rows of 784.",
        six("versions = [augment(x) for _ in range(3)]", "versions[i][0]", "reconstruct(versions[i][None]).flatten(1), aspect='auto'"),
        fails=(THREE,),
    ),
    wrong(
        "only_the_last_drawn",
        "The drawing stands outside the loop.",
        augmentation(
            AUGMENT
            + """for i in range(3):
    a = augment(x)
    r = reconstruct(a[None])
plt.subplot(1, 2, 1)
plt.imshow(a[0])
plt.subplot(1, 2, 2)
plt.imshow(r[0, 0])
plt.show()"""
        ),
        fails=(THREE,),
    ),
    wrong(
        "drawn_over",
        "All drawn into the same axes.",
        augmentation(
            AUGMENT
            + """for i in range(3):
    a = augment(x)
    plt.imshow(a[0])
    plt.imshow(reconstruct(a[None])[0, 0])
plt.show()"""
        ),
        fails=(THREE,),
    ),
    wrong(
        "swapped_arguments_and_thrice",
        "Wrong ranges and one image three times: two mistakes.",
        augmentation(
            "augment = torchvision.transforms.RandomAffine(degrees=45)\n"
            "a = augment(x)\n"
            "augmented = torch.stack([a, a, a])\n"
            "make_grid(torch.cat([augmented, reconstruct(augmented)]), 3)"
        ),
        fails=(RANGES, THREE),
    ),
    wrong(
        "one_pair_thrice",
        "One pair of pictures, three times.",
        six("a = augment(x)\nr = reconstruct(a[None])[0, 0]", "a[0]", "r"),
        fails=(THREE,),
    ),
    wrong(
        "two_and_a_repetition",
        "The third augmented image is the second.",
        six("a, b = augment(x), augment(x)\nversions = [a, b, b]", "versions[i][0]", "reconstruct(versions[i][None])[0, 0]"),
        fails=(THREE,),
    ),
    wrong(
        "augmented_twice",
        "Each image goes through the transform twice.",
        six("versions = [augment(augment(x)) for _ in range(3)]", "versions[i][0]", "reconstruct(versions[i][None])[0, 0]"),
        fails=(RANGES,),
    ),
    wrong(
        "masked_thrice",
        "The augmented images and their masked versions, no reconstructions.",
        six(
            "versions = [augment(x) for _ in range(3)]\nrecs = [reconstruct(v[None]) for v in versions]",
            "versions[i][0]",
            "apply_mask(versions[i][None], 28)[0, 0]",
        ),
        fails=(THREE,),
    ),
    wrong(
        "untrained_in_loop",
        "A new network for each augmented image.",
        six(
            "versions = [augment(x) for _ in range(3)]",
            "versions[i][0]",
            "reconstruct(versions[i][None], MLPAutoencoder(2, 784, 256, 64))[0, 0]",
        ),
        fails=(THREE,),
    ),
)
