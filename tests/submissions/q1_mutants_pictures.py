"""Mistakes in the pictures of questions 1.2 and 1.3."""

from __future__ import annotations

from submissions.case import Case, Change, replace, without_figures
from submissions.q1_parts import AUGMENTATION, RECONSTRUCTION, augmentation, reconstruction

SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"
SHOW_ONE = 'plt.imshow(reconstruct(x.unsqueeze(0)).squeeze(), cmap="gray")'
SHOW_SIX = 'make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3, title="augmented, and reconstructed")'
BUILT = "degrees=10, translate=(0.2, 0.2), shear=5"


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_pictures_{name}", about, 1, changes, fails, reviews)


def ranges(name: str, about: str, arguments: str) -> Case:
    return wrong(f"ranges_{name}", about, replace(BUILT, arguments), fails=(RANGES,))


CASES: tuple[Case, ...] = (
    wrong(
        "input_again",
        "Computes the reconstruction but shows the input again.",
        replace(SHOW_ONE, 'reconstruct(x.unsqueeze(0))\nplt.imshow(x.squeeze(), cmap="gray")'),
        fails=(SHOWN,),
    ),
    wrong(
        "masked_input",
        "Shows the masked input for the reconstruction.",
        replace(SHOW_ONE, 'out = reconstruct(x.unsqueeze(0))\nplt.imshow(apply_mask(x.unsqueeze(0), 28)[0, 0], cmap="gray")'),
        fails=(SHOWN,),
    ),
    wrong(
        "nothing_drawn",
        "Computes the reconstruction and shows nothing.",
        replace(f"{SHOW_ONE}\n", "out = reconstruct(x.unsqueeze(0))\n"),
        without_figures(RECONSTRUCTION),
        fails=(SHOWN,),
    ),
    wrong(
        "a_row_of_784",
        "The reconstruction is shown as a row of 784 pixels.",
        replace(SHOW_ONE, 'plt.imshow(reconstruct(x.unsqueeze(0)).reshape(1, 784), cmap="gray", aspect="auto")'),
        fails=(SHOWN,),
    ),
    wrong(
        "a_line_of_784",
        "The reconstruction is plotted as a line.",
        replace(SHOW_ONE, "plt.plot(reconstruct(x.unsqueeze(0)).flatten())"),
        fails=(SHOWN,),
    ),
    wrong(
        "wrong_shape",
        "The reconstruction is shown as 14 by 56 pixels.",
        replace(SHOW_ONE, "plt.imshow(reconstruct(x.unsqueeze(0)).reshape(14, 56))"),
        fails=(SHOWN,),
    ),
    wrong(
        "untrained",
        "A new network without training reconstructs.",
        replace("def reconstruct(images):", "model = MLPAutoencoder(2, 784, 256, 64).to(device)\ndef reconstruct(images):"),
        fails=(TRAINED,),
    ),
    wrong(
        "untrained_of_another_size",
        "A new, smaller network under another name reconstructs.",
        replace("def reconstruct(images):", "net = MLPAutoencoder(1, 784, 64, 8)\ndef reconstruct(images):"),
        replace("return model(masked", "return net(masked"),
        fails=(TRAINED,),
    ),
    ranges("degrees", "Turns by up to 20 degrees.", "degrees=20, translate=(0.2, 0.2), shear=5"),
    ranges("one_sided", "Turns by 0 to 10 degrees.", "degrees=(0, 10), translate=(0.2, 0.2), shear=5"),
    ranges("no_turn", "Does not turn.", "degrees=0, translate=(0.2, 0.2), shear=5"),
    ranges("swapped", "Rotation and shear the wrong way round.", "degrees=5, translate=(0.2, 0.2), shear=10"),
    ranges("no_translate", "Does not move.", "degrees=10, shear=5"),
    ranges("translate_small", "Moves by at most 0.02.", "degrees=10, translate=(0.02, 0.02), shear=5"),
    ranges("translate_one_way", "Moves horizontally only.", "degrees=10, translate=(0.2, 0), shear=5"),
    ranges("translate_range", "A range from -0.1 to 0.2 was meant; from 0.1 to 0.2.", "degrees=10, translate=(0.1, 0.2), shear=5"),
    ranges("no_shear", "Does not shear.", "degrees=10, translate=(0.2, 0.2)"),
    ranges("shear_as_degrees", "Shears by up to 10 degrees.", "degrees=10, translate=(0.2, 0.2), shear=(-10, 10)"),
    ranges("shear_one_sided", "Shears by 0 to 5 degrees.", "degrees=10, translate=(0.2, 0.2), shear=(0, 5)"),
    ranges("radians", "Angles in radians.", "degrees=(-0.1745, 0.1745), translate=(0.2, 0.2), shear=(-0.0873, 0.0873)"),
    wrong(
        "ranges_v2",
        "The second generation's transform with a wrong shear.",
        replace("transforms.RandomAffine(" + BUILT, "transforms.v2.RandomAffine(10, translate=(0.2, 0.2), shear=15"),
        replace("augment = ", "import torchvision.transforms.v2\naugment = "),
        fails=(RANGES,),
    ),
    wrong(
        "one_image_three_times",
        "One augmented image is shown three times.",
        replace("torch.stack([augment(x) for _ in range(3)])", "augment(x).unsqueeze(0).repeat(3, 1, 1, 1)"),
        fails=(THREE,),
    ),
    wrong(
        "same_seed",
        "The seed is set before each transform, so that all three are the same.",
        replace("[augment(x) for _ in range(3)]", "[(torch.manual_seed(1), augment(x))[1] for _ in range(3)]"),
        fails=(THREE,),
    ),
    wrong(
        "batch_moved_together",
        "The transform is applied to a batch of three copies, which moves all of them alike.",
        replace("torch.stack([augment(x) for _ in range(3)])", "augment(x.repeat(3, 1, 1).unsqueeze(1))"),
        fails=(THREE,),
    ),
    wrong("two_images", "Two augmented images only.", replace("for _ in range(3)", "for _ in range(2)"), fails=(THREE,)),
    wrong("one_image", "One augmented image only.", replace("for _ in range(3)", "for _ in range(1)"), fails=(THREE,)),
    wrong("only_augmented", "No reconstructions.", replace(SHOW_SIX, "make_grid(augmented, columns=3)"), fails=(THREE,)),
    wrong(
        "only_reconstructed", "Only the reconstructions.", replace(SHOW_SIX, "make_grid(reconstruct(augmented), columns=3)"), fails=(THREE,)
    ),
    wrong(
        "reconstructed_first",
        "The reconstruction is augmented.",
        augmentation("""
            augment = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            rec = reconstruct(x.unsqueeze(0))[0]
            augmented = torch.stack([augment(rec) for _ in range(3)])
            make_grid(torch.cat([rec.unsqueeze(0), augmented]), columns=4)
        """),
        fails=(THREE,),
    ),
    wrong(
        "reconstructed_first_six_pictures",
        "Three reconstructions of the same 3, and each of them augmented.",
        augmentation("""
            augment = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            for i in range(3):
                rec = reconstruct(x.unsqueeze(0))
                plt.subplot(1, 2, 1); plt.imshow(rec[0, 0])
                plt.subplot(1, 2, 2); plt.imshow(augment(rec)[0, 0])
                plt.show()
        """),
        fails=(THREE,),
    ),
    wrong(
        "original_reconstructed",
        "Shows three augmented images, but reconstructs the original three times.",
        replace("reconstruct(augmented)]", "reconstruct(x.repeat(3, 1, 1).unsqueeze(1))]"),
        fails=(THREE,),
    ),
    wrong(
        "last_one_reconstructed",
        "All three reconstructions are of the last augmented image.",
        replace("reconstruct(augmented)]", "reconstruct(augmented[-1:]).repeat(3, 1, 1, 1)]"),
        fails=(THREE,),
    ),
    wrong(
        "made_by_hand",
        "Rotates and rolls by hand instead of RandomAffine.",
        augmentation("""
            def augment(image):  # RandomAffine by hand
                shift = random.randint(-5, 5), random.randint(-5, 5)
                turned = torchvision.transforms.functional.affine(image, random.uniform(-10, 10), shift, 1.0, [random.uniform(-5, 5)])
                return turned
            augmented = torch.stack([augment(x) for _ in range(3)])
            make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)
        """),
        reviews=(RANGES,),
    ),
    wrong("nothing_done", "1.3 is empty.", augmentation("# RandomAffine"), without_figures(AUGMENTATION), fails=(RANGES, THREE)),
    wrong(
        "nothing_in_1_2",
        "1.2 is empty.",
        reconstruction("""
        # def reconstruct
    """),
        without_figures(RECONSTRUCTION),
        augmentation("""
        augment = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
        augmented = torch.stack([augment(x) for _ in range(3)])
        make_grid(torch.cat([augmented, model(apply_mask(augmented, 28).flatten(1)).detach().reshape(-1, 1, 28, 28)]), columns=3)
    """),
        fails=(SHOWN, TRAINED),
    ),
)
