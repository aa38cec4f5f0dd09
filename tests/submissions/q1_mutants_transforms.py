"""1.3 with other transforms than the RandomAffine asked for."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import augmentation

SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_transform_{name}", about, 1, changes, fails, reviews)


def affine(name: str, about: str, arguments: str) -> Case:
    return wrong(
        name, about, replace("RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)", f"RandomAffine({arguments})"), fails=(RANGES,)
    )


CASES: tuple[Case, ...] = (
    affine("scale_added", "Scaled by 0.8 to 1.2 too.", "degrees=10, translate=(0.2, 0.2), scale=(0.8, 1.2), shear=5"),
    affine("shear_as_scale", "The shear stands where the scale belongs.", "10, (0.2, 0.2), (0.95, 1.05)"),
    wrong(
        "flip_added",
        "Flips in the same Compose.",
        augmentation(
            """augment = torchvision.transforms.Compose([
    torchvision.transforms.RandomHorizontalFlip(0.5),
    torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5),
])
augmented = torch.stack([augment(x) for _ in range(3)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
        fails=(RANGES,),
    ),
    wrong(
        "rotation_only",
        "RandomRotation alone.",
        augmentation(
            """rotate = torchvision.transforms.RandomRotation(10)
fig, ax = plt.subplots(2, 3)
for i in range(3):
    a = rotate(x)
    ax[0, i].imshow(a[0], cmap='gray')
    ax[1, i].imshow(reconstruct(a[None])[0, 0], cmap='gray')
plt.show()"""
        ),
        fails=(RANGES,),
    ),
    wrong(
        "one_of_three_objects",
        "Three objects, one with other ranges.",
        augmentation(
            """t1 = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
t2 = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
t3 = torchvision.transforms.RandomAffine(degrees=30, translate=(0.2, 0.2), shear=5)
augmented = torch.stack([t1(x), t2(x), t3(x)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
        fails=(RANGES,),
    ),
    wrong(
        "each_its_own_part",
        "One image rotated, one moved, one sheared.",
        augmentation(
            """RA = torchvision.transforms.RandomAffine
transforms_list = [RA(degrees=10), RA(degrees=0, translate=(0.2, 0.2)), RA(degrees=0, shear=5)]
augmented = torch.stack([t(x) for t in transforms_list])
make_grid(augmented, 3, 'augmented')
make_grid(reconstruct(augmented), 3, 'reconstructed')"""
        ),
        fails=(RANGES,),
    ),
    wrong(
        "right_defined_wrong_used",
        "The right transform is made, a weaker one is used.",
        augmentation(
            """augment = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
gentle = torchvision.transforms.RandomAffine(degrees=2, translate=(0.02, 0.02))
augmented = torch.stack([gentle(x) for _ in range(3)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
        fails=(RANGES,),
    ),
    wrong(
        "split_in_two",
        "RandomRotation, then RandomAffine without degrees: the same ranges.",
        augmentation(
            """augment = torchvision.transforms.Compose([
    torchvision.transforms.RandomRotation(10),
    torchvision.transforms.RandomAffine(0, translate=(0.2, 0.2), shear=5),
])
augmented = torch.stack([augment(x) for _ in range(3)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
        reviews=(RANGES,),
    ),
    wrong(
        "affine_grid",
        "affine_grid and grid_sample by hand.",
        augmentation(
            """def random_affine(image):
    angle = math.radians(random.uniform(-10, 10))
    shear = math.tan(math.radians(random.uniform(-5, 5)))
    tx, ty = random.uniform(-0.4, 0.4), random.uniform(-0.4, 0.4)
    theta = torch.tensor([[[math.cos(angle), -math.sin(angle) + shear, tx], [math.sin(angle), math.cos(angle), ty]]])
    grid = nn.functional.affine_grid(theta, (1, 1, 28, 28), align_corners=False)
    return nn.functional.grid_sample(image[None], grid, align_corners=False)[0]

augmented = torch.stack([random_affine(x) for _ in range(3)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
        reviews=(RANGES,),
    ),
    wrong(
        "translate_scalar",
        "translate=0.2 raises, nothing is shown.",
        replace("translate=(0.2, 0.2)", "translate=0.2"),
        fails=(RANGES,),
        reviews=(THREE,),
    ),
)
