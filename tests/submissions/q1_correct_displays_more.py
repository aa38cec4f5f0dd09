"""More ways to show the pictures of 1.2 and 1.3, with helpers, in several cells, beside other pictures."""

from __future__ import annotations

from submissions.case import Case, Change, insert_after, without_figures
from submissions.q1_parts import augmentation, reconstruction


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_displays_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "old_idioms",
        "Variable and .data, no eval, no no_grad.",
        reconstruction(
            """from torch.autograd import Variable
inp = Variable(x.view(-1, 28 * 28))
if torch.cuda.is_available():
    inp = inp.cuda()
out = model(inp)
plt.imshow(out.data.cpu().numpy()[0].reshape((28, 28)), cmap=plt.cm.gray)"""
        ),
        augmentation(
            """for i in range(3):
    rand_aff = torchvision.transforms.RandomAffine(10, (0.2, 0.2), shear=5)
    im = rand_aff(x)
    plt.figure()
    plt.imshow(im.numpy()[0], cmap=plt.cm.gray)
    plt.figure()
    out = model(Variable(im.view(-1, 28 * 28)).to(device))
    plt.imshow(out.data.cpu().numpy()[0].reshape((28, 28)), cmap=plt.cm.gray)"""
        ),
    ),
    right(
        "many_cells",
        "1.3 in four cells: the transform, the pictures, the reconstructions, the figures.",
        augmentation(
            "random_transform = torchvision.transforms.RandomAffine(degrees=(-10.0, 10.0), translate=(0.2, 0.2), shear=(-5.0, 5.0))"
        ),
        without_figures("random_transform ="),
        insert_after("random_transform =", "aug_imgs = [random_transform(x.unsqueeze(0)) for _ in range(3)]"),
        insert_after("aug_imgs =", "rec_imgs = [reconstruct(a) for a in aug_imgs]"),
        insert_after(
            "rec_imgs =",
            """f, a = plt.subplots(1, 3)
for i in range(3):
    a[i].imshow(aug_imgs[i].squeeze(), cmap="gray")
f.suptitle("augmented")
plt.show()""",
        ),
        insert_after(
            'f.suptitle("augmented")',
            """f, a = plt.subplots(1, 3)
for i in range(3):
    a[i].imshow(rec_imgs[i].squeeze(), cmap="gray")
f.suptitle("reconstructed")
plt.show()""",
        ),
    ),
    right(
        "rgb_repeat",
        "Repeated to three channels and permuted.",
        reconstruction(
            """rec = reconstruction = model(x.reshape(1, -1).to(device)).reshape(1, 28, 28).detach().cpu()
plt.imshow(rec.repeat(3, 1, 1).permute(1, 2, 0))
plt.show()"""
        ),
        augmentation(
            """ra = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
row = []
for i in range(3):
    a = ra(x)
    r = model(a.reshape(1, -1).to(device)).reshape(1, 28, 28).detach().cpu()
    row.append(torch.cat([a, torch.ones(1, 2, 28), r], dim=1))
plt.imshow(torch.cat(row, dim=2).expand(3, -1, -1).permute(1, 2, 0))
plt.show()"""
        ),
    ),
    right(
        "functional_call",
        "Reconstruction through a function that gets the model handed in, three by two, with subfigures.",
        reconstruction(
            """def run_model(net: nn.Module, image: torch.Tensor, *, mask: bool = True) -> np.ndarray:
    was_training = net.training
    net.eval()
    batch = image[None].to(next(net.parameters()).device)
    if mask:
        batch = apply_mask(batch, image_size)
    with torch.no_grad():
        result = net(batch.flatten(1)).squeeze(0).cpu().numpy().reshape(image_size, image_size)
    net.train(was_training)
    return result

plt.imshow(np.clip(run_model(model, x), 0, 1), cmap="gray", interpolation="none", origin="upper")
plt.colorbar(label="brightness")
plt.show()"""
        ),
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
fig = plt.figure(figsize=(6, 8), layout="constrained")
upper, lower = fig.subfigures(2, 1)
images = [affine(x) for _ in range(3)]
for axis, image in zip(upper.subplots(1, 3), images):
    axis.imshow(image.squeeze(0), cmap="gray")
for axis, image in zip(lower.subplots(1, 3), images):
    axis.imshow(run_model(model, image), cmap="gray")
plt.show()"""
        ),
    ),
    right(
        "digits_and_the_three",
        "Some digits of the data set first, then the 3.",
        reconstruction(
            """some, _ = next(iter(mnist))
some = torch.cat([some[:4], x.unsqueeze(0)])
with torch.no_grad():
    outputs = model(apply_mask(some.to(device), image_size).reshape(5, -1)).reshape(5, 1, 28, 28).cpu()
fig, axs = plt.subplots(2, 5, figsize=(10, 4))
for i in range(5):
    axs[0, i].imshow(some[i, 0], cmap='gray')
    axs[1, i].imshow(outputs[i, 0], cmap='gray')
plt.show()"""
        ),
        augmentation(
            """t = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
def rec(i):
    with torch.no_grad():
        return model(apply_mask(i[None].to(device), image_size).reshape(1, -1)).reshape(28, 28).cpu()
many = [t(x) for _ in range(5)]
fig, axs = plt.subplots(2, 6, figsize=(12, 4))
axs[0, 0].imshow(x[0], cmap='gray'); axs[0, 0].set_title('original')
axs[1, 0].imshow(rec(x), cmap='gray')
for i, m in enumerate(many, 1):
    axs[0, i].imshow(m[0], cmap='gray')
    axs[1, i].imshow(rec(m), cmap='gray')
plt.show()"""
        ),
    ),
    right(
        "two_ways",
        "The 3 as it is and masked; reconstructions of both.",
        reconstruction(
            """plain = model(x.reshape(1, 784).to(device)).detach().cpu().reshape(28, 28)
masked = model(apply_mask(x.reshape(1, 1, 28, 28), 28).reshape(1, 784).to(device)).detach().cpu().reshape(28, 28)
plt.subplot(121); plt.imshow(plain); plt.title('without mask')
plt.subplot(122); plt.imshow(masked); plt.title('with mask')
plt.show()"""
        ),
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
a1 = affine(x)
a2 = affine(x)
a3 = affine(x)
r1 = model(a1.reshape(1, 784).to(device)).detach().cpu().reshape(28, 28)
r2 = model(a2.reshape(1, 784).to(device)).detach().cpu().reshape(28, 28)
r3 = model(a3.reshape(1, 784).to(device)).detach().cpu().reshape(28, 28)
plt.imshow(a1[0]); plt.title('a1'); plt.show()
plt.imshow(a2[0]); plt.title('a2'); plt.show()
plt.imshow(a3[0]); plt.title('a3'); plt.show()
plt.imshow(r1); plt.title('r1'); plt.show()
plt.imshow(r2); plt.title('r2'); plt.show()
plt.imshow(r3); plt.title('r3'); plt.show()"""
        ),
    ),
    right(
        "x_reshaped",
        "x itself is flattened in 1.2 and made a picture again in 1.3.",
        reconstruction(
            """x = x.view(1, 784)
with torch.no_grad():
    rec = model(x.to(device))
plt.imshow(rec.cpu().view(28, 28).numpy(), cmap='gray')
plt.title('Reconstructed image')
plt.show()"""
        ),
        augmentation(
            """x = x.view(1, 28, 28)
ra = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
aug = []
for i in range(3):
    aug.append(ra(x))
aug = torch.cat(aug)
with torch.no_grad():
    rec = model(aug.view(3, 784).to(device)).cpu().view(3, 28, 28)
fig, ax = plt.subplots(2, 3)
for i in range(3):
    ax[0, i].imshow(aug[i], cmap='gray')
    ax[1, i].imshow(rec[i], cmap='gray')
plt.show()"""
        ),
    ),
    right(
        "masked_shown_between",
        "A figure with augmented, masked and reconstructed rows.",
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
aug = torch.stack([affine(x) for _ in range(3)])
msk = apply_mask(aug, image_size)
rec = model(msk.flatten(1).to(device)).detach().cpu().view(3, 1, 28, 28)
titles = ['augmented', 'masked', 'reconstructed']
fig, axs = plt.subplots(3, 3, figsize=(6, 6))
for r, group in enumerate((aug, msk, rec)):
    for c in range(3):
        axs[r, c].imshow(group[c].permute(1, 2, 0), cmap='gray')
        axs[r, c].set_title(f'{titles[r]} {c + 1}')
plt.tight_layout()
plt.show()"""
        ),
    ),
)
