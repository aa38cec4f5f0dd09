"""1.2 and 1.3 with another network than the trained one, or with the trained one on another picture."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import reconstruction, training

SHOWN, TRAINED = "q1_2.shows_a_reconstruction", "q1_2.uses_the_trained_autoencoder"
RANGES, THREE = "q1_3.transform_has_the_ranges_asked_for", "q1_3.shows_three_augmented_images_and_their_reconstructions"
DEFINED = """def reconstruct(images, net=None):
    net = net or model
    net.eval()
    with torch.no_grad():
        return net(apply_mask(images.to(device), image_size).flatten(1)).reshape(images.shape).cpu()

"""


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_network_{name}", about, 1, changes, fails, reviews)


CASES: tuple[Case, ...] = (
    wrong(
        "fresh_instance",
        "A new instance of the class, never trained.",
        reconstruction(
            DEFINED
            + """new_model = MLPAutoencoder(number_of_hidden_layers, image_size * image_size, hidden_size, latent_size).to(device)
new_model.eval()
plt.imshow(reconstruct(x[None], new_model)[0, 0], cmap='gray')
plt.show()"""
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "reset_parameters",
        "The weights are drawn anew by reset_parameters before 1.2.",
        reconstruction(
            """for layer in model.modules():
    if hasattr(layer, 'reset_parameters'):
        layer.reset_parameters()

"""
            + DEFINED
            + "plt.imshow(reconstruct(x[None]).squeeze(), cmap='gray')\nplt.show()"
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "initial_weights_loaded",
        "The state saved before training is loaded again.",
        replace("losses = []\n", "losses = []\ntorch.save(model.state_dict(), 'ae.pt')\n"),
        reconstruction(
            """model.load_state_dict(torch.load('ae.pt'))
"""
            + DEFINED
            + "plt.imshow(reconstruct(x[None]).squeeze(), cmap='gray')\nplt.show()"
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "state_of_another",
        "The state of a random instance is loaded into the trained model.",
        reconstruction(
            "model.load_state_dict(MLPAutoencoder(2, 784, 256, 64).state_dict())\n"
            + DEFINED
            + "plt.imshow(reconstruct(x[None])[0, 0], cmap='gray')"
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "given_model_instead_of_own",
        "1.1 trains `autoencoder`, 1.2 and 1.3 ask the untouched `model`.",
        training(
            """autoencoder = MLPAutoencoder(number_of_hidden_layers, image_size * image_size, hidden_size, latent_size).to(device)
optimizer = torch.optim.Adam(autoencoder.parameters(), lr=lr)
losses = []
for epoch in range(epochs):
    total, count = 0.0, 0
    for images, _ in mnist:
        images = images.to(device)
        batch_loss = loss(autoencoder(apply_mask(images, image_size).flatten(1)), images.flatten(1))
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        total += batch_loss.item() * len(images)
        count += len(images)
    losses.append(total / count)
    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")""",
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "another_trained_without_mask",
        "A second autoencoder is trained in 1.2, without a mask, and shown.",
        reconstruction(
            """plain = MLPAutoencoder(1, 784, 128, 32).to(device)
plain_opt = torch.optim.Adam(plain.parameters(), lr=1e-3)
for epoch in range(3):
    for images, _ in mnist:
        flat = images.to(device).flatten(1)
        plain_opt.zero_grad()
        loss(plain(flat), flat).backward()
        plain_opt.step()
"""
            + DEFINED
            + "plt.imshow(plain(x.reshape(1, -1).to(device)).detach().cpu().reshape(28, 28), cmap='gray')\nplt.show()"
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "made_inside_function",
        "The function that reconstructs makes its own network each time (in 1.3 too).",
        reconstruction(
            """def reconstruct(image):
    ae = MLPAutoencoder(2, 784, 256, 64)
    ae.eval()
    with torch.no_grad():
        return ae(apply_mask(image, 28).view(-1, 784)).view(-1, 1, 28, 28)

plt.imshow(reconstruct(x.unsqueeze(0))[0, 0])"""
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "half_trained",
        "The trained encoder with the decoder of a new network.",
        reconstruction(
            DEFINED
            + """fresh = MLPAutoencoder(2, 784, 256, 64)
with torch.no_grad():
    code = model.encode(x.flatten(1))
    image = fresh.decode(code)
plt.imshow(image.view(28, 28), cmap='gray')
plt.show()"""
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "decoder_of_noise",
        "The trained decoder draws from a random latent vector.",
        reconstruction(
            DEFINED
            + """z = torch.randn(1, latent_size).to(device)
sample = model.decode(z).detach().cpu().reshape(28, 28)
plt.imshow(sample, cmap='gray')
plt.show()"""
        ),
        fails=(SHOWN,),
        reviews=(TRAINED,),
    ),
    wrong(
        "latent_shown",
        "The latent vector is drawn as 8 by 8.",
        reconstruction(
            DEFINED
            + "code = model.encode(x.reshape(1, -1).to(device)).detach().cpu()\nplt.imshow(code.reshape(8, 8), cmap='gray')\nplt.show()"
        ),
        fails=(SHOWN,),
        reviews=(TRAINED,),
    ),
    wrong(
        "test_digit",
        "The first test image instead of the 3.",
        reconstruction(
            DEFINED
            + """test_images, test_labels = next(iter(load_mnist(batch_size=1, train=False)))
plt.subplot(1, 2, 1); plt.imshow(test_images[0, 0], cmap='gray')
plt.subplot(1, 2, 2); plt.imshow(reconstruct(test_images)[0, 0], cmap='gray')
plt.show()"""
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "batch_of_digits",
        "Eight digits of the training set and their reconstructions, the 3 never.",
        reconstruction(
            DEFINED
            + """batch, _ = next(iter(mnist))
batch = batch[:8]
make_grid(torch.cat([batch, reconstruct(batch)]), 8, 'reconstructions')"""
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "x_overwritten",
        "x is overwritten by a digit of the data set in 1.2 before it is reconstructed (and is restored for 1.3).",
        reconstruction(
            DEFINED
            + """kept = x
for x, y in mnist:
    break
x = x[0]
plt.imshow(reconstruct(x[None])[0, 0], cmap='gray')
plt.show()
x = kept"""
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "noise_in",
        "Random noise goes in.",
        reconstruction(DEFINED + "picture = torch.rand(1, 1, 28, 28)\nplt.imshow(reconstruct(picture)[0, 0], cmap='gray')\nplt.show()"),
        fails=(SHOWN,),
    ),
    wrong(
        "transposed_in",
        "The picture is transposed before the network sees it.",
        reconstruction(DEFINED + "plt.imshow(reconstruct(x.T.reshape(1, 1, 28, 28))[0, 0], cmap='gray')\nplt.show()"),
        fails=(SHOWN,),
    ),
    wrong(
        "mirrored",
        "The 3 is mirrored before it goes in.",
        reconstruction(DEFINED + "plt.imshow(reconstruct(x.flip(-1)[None])[0, 0], cmap='gray')\nplt.show()"),
        fails=(SHOWN,),
    ),
    wrong(
        "left_from_training",
        "Draws what the loop of 1.1 left behind.",
        reconstruction(
            DEFINED
            + "plt.imshow(reconstructed[0].detach().cpu().view(28, 28), cmap='gray')\nplt.title('reconstruction of the 3')\nplt.show()"
        ),
        fails=(SHOWN, TRAINED),
    ),
)
