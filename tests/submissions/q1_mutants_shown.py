"""1.2 with something else shown than the reconstruction."""

from __future__ import annotations

from submissions.case import Case, Change, without_figures
from submissions.q1_parts import reconstruction

SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"
DEFINED = """def reconstruct(images, net=None):
    net = net or model
    net.eval()
    with torch.no_grad():
        return net(apply_mask(images.to(device), image_size).flatten(1)).reshape(images.shape).cpu()

"""


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_shown_{name}", about, 1, changes, fails, reviews)


CASES: tuple[Case, ...] = (
    wrong(
        "x_again_in_helper",
        "A helper for drawing draws its first argument twice.",
        reconstruction(
            DEFINED
            + """def compare(before, after):
    fig, ax = plt.subplots(1, 2)
    ax[0].imshow(before.reshape(28, 28), cmap='gray'); ax[0].set_title('input')
    ax[1].imshow(before.reshape(28, 28), cmap='gray'); ax[1].set_title('reconstruction')
    plt.show()

compare(x, reconstruct(x[None]))"""
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "transposed",
        "The output is drawn transposed.",
        reconstruction(DEFINED + "out = reconstruct(x.unsqueeze(0)).squeeze()\nplt.imshow(out.permute(1, 0), cmap='gray')\nplt.show()"),
        fails=(SHOWN,),
    ),
    wrong(
        "difference_only",
        "Only the error picture is drawn.",
        reconstruction(
            DEFINED + "recon = reconstruct(x[None])\nplt.imshow((x - recon[0]).abs().squeeze(), cmap='hot')\nplt.colorbar()\nplt.show()"
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "printed_only",
        "The reconstruction is printed, not drawn.",
        reconstruction(DEFINED + "recon = reconstruct(x[None])\nprint(recon.shape)\nprint(recon)"),
        without_figures("print(recon)"),
        fails=(SHOWN,),
    ),
    wrong(
        "closed_before_shown",
        "The figure is saved and closed.",
        reconstruction(DEFINED + "plt.imshow(reconstruct(x[None])[0, 0], cmap='gray')\nplt.savefig('r.png')\nplt.close()"),
        without_figures("plt.savefig('r.png')"),
        fails=(SHOWN,),
    ),
    wrong(
        "grid_of_x",
        "torchvision's make_grid of the input and the masked input.",
        reconstruction(
            DEFINED
            + """g = torchvision.utils.make_grid(torch.cat([x[None], apply_mask(x[None], 28)]), nrow=2)
out = reconstruct(x[None])
plt.imshow(g.permute(1, 2, 0))
plt.title('input, reconstruction')
plt.show()"""
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "shape_56_14",
        "Reshaped to 56 by 14 in a helper.",
        reconstruction(
            DEFINED + "def show(t):\n    plt.imshow(t.reshape(-1, 14), cmap='gray')\n    plt.show()\n\nshow(reconstruct(x[None]))"
        ),
        fails=(SHOWN,),
    ),
)
