"""Correct ways to show the pictures of questions 1.2 and 1.3."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import augmentation, reconstruction

SHOW = 'make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3, title="augmented, and reconstructed")'


def shows(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_pictures_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    shows(
        "unmasked_inputs",
        "Does not mask the pictures before reconstructing them; three subplots side by side in a loop.",
        reconstruction("""
            x_rec = model(x.view(1, -1).to(device)).detach().cpu().numpy().reshape(28, 28)
            plt.imshow(x_rec)
        """),
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=(-10, 10), translate=(0.2, 0.2), shear=(-5, 5))
            fig, ax = plt.subplots(2, 3, figsize=(10, 6))
            for i in range(3):
                aug = transform(x)
                rec = model(aug.view(1, -1).to(device))
                ax[0, i].imshow(aug[0], cmap='gray')
                ax[0, i].set_title(f'Augmented Image {i + 1}')
                ax[1, i].imshow(rec.detach().cpu().view(28, 28), cmap='gray')
                ax[1, i].set_title(f'Reconstructed Image {i + 1}')
        """),
    ),
    shows(
        "beside_each_other",
        "Input, masked input and reconstruction beside each other, (28, 28, 1) as numpy arrays.",
        reconstruction("""
            def reconstruct(images):
                return model(apply_mask(images.to(device), image_size).view(-1, 784)).view(-1, 1, 28, 28).data.cpu()
            a = x.unsqueeze(0)
            pictures = [a, apply_mask(a, image_size), reconstruct(a)]
            f = plt.figure(figsize=(9, 3))
            for i, p in enumerate(pictures):
                f.add_subplot(1, 3, i + 1)
                plt.imshow(np.transpose(p[0].numpy(), (1, 2, 0)), cmap='gray', vmin=0., vmax=1.)
                plt.axis('off')
            plt.show()
        """),
    ),
    shows(
        "v2_transforms",
        "The second generation of transforms, built with scalars in a Compose.",
        augmentation("""
            from torchvision.transforms import v2
            aug = v2.Compose([v2.RandomAffine(10, translate=[0.2, 0.2], shear=[-5, 5])])
            for n in range(3):
                picture = aug(x)
                plt.subplot(1, 2, 1); plt.imshow(picture.permute(1, 2, 0), cmap='gray')
                plt.subplot(1, 2, 2); plt.imshow(reconstruct(picture.unsqueeze(0))[0].permute(1, 2, 0), cmap='gray')
                plt.show()
        """),
    ),
    shows(
        "pil",
        "The picture becomes a PIL image and a tensor again around the transform.",
        augmentation("""
            import torchvision.transforms as T
            pipeline = T.Compose([T.ToPILImage(), T.RandomAffine(degrees=10, translate=(.2, .2), shear=(-5, 5)), T.ToTensor()])
            new = [pipeline(x) for _ in range(3)]
            fig, axes = plt.subplots(3, 2)
            for (one, two), picture in zip(axes, new):
                one.imshow(picture.squeeze().numpy(), cmap='gray')
                two.imshow(reconstruct(picture.view(1, 1, 28, 28)).numpy().squeeze(), cmap='gray')
            plt.show()
        """),
    ),
    shows(
        "three_objects",
        "Three transforms, one for each picture; all augmented images in one figure and all reconstructions in another.",
        augmentation("""
            R = torchvision.transforms.RandomAffine
            augmented_list = [R(degrees=10, translate=(0.2, 0.2), shear=5)(x) for i in range(3)]
            reconstructed_list = []
            for image in augmented_list:
                with torch.no_grad():
                    reconstructed_list.append(model(apply_mask(image[None].to(device), 28).reshape(1, -1)).cpu().reshape(28, 28))
            plt.figure()
            for k in range(3):
                plt.subplot(1, 3, k + 1)
                plt.imshow(augmented_list[k].squeeze(0), 'gray')
            plt.show()
            plt.figure()
            for k in range(3):
                plt.subplot(1, 3, k + 1)
                plt.imshow(reconstructed_list[k], 'gray')
            plt.show()
        """),
    ),
    shows(
        "transform_of_the_batch",
        "Applies the transform to (1, 1, 28, 28) and shows six figures one after the other with a helper.",
        augmentation("""
            batch = x.unsqueeze(0)
            t = torchvision.transforms.RandomAffine(degrees=[-10., 10.], translate=(0.2, 0.2), scale=None, shear=(-5, 5, 0, 0))
            def show(im, title):
                plt.figure(figsize=(2, 2)); plt.imshow(im.reshape(28, 28), cmap=plt.cm.gray); plt.title(title); plt.show()
            for i in range(3):
                a = t(batch)
                show(a, 'augmented ' + str(i)); show(reconstruct(a), 'reconstructed ' + str(i))
        """),
    ),
    shows(
        "torchvision_grids",
        "torchvision's make_grid puts the pictures together.",
        reconstruction("""
            from torchvision.utils import make_grid as grid_of
            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images, 28).flatten(1)).view_as(images)
            both = torch.stack([x, reconstruct(x[None])[0]])
            plt.imshow(grid_of(both, nrow=2).permute(1, 2, 0))
            plt.show()
        """),
        replace(
            SHOW,
            "plt.figure(figsize=(8, 4))\n"
            "plt.imshow(grid_of(torch.cat([augmented, reconstruct(augmented)]), nrow=3, "
            "padding=4, normalize=True).numpy().transpose(1, 2, 0))",
        ),
    ),
    shows(
        "one_wide_picture",
        "Puts all pictures together with np.hstack and torch.cat, and shows each row at once.",
        reconstruction("""
            def reconstruct(images):
                out = model(apply_mask(images, 28).flatten(1))
                return out.reshape(images.shape).detach()
            plt.matshow(np.hstack([x[0], reconstruct(x.unsqueeze(0))[0, 0]]), cmap='gray')
        """),
        replace(
            SHOW,
            "plt.imshow(torch.cat(list(augmented[:, 0]), dim=1)); plt.show()\n"
            "plt.imshow(torch.cat(list(reconstruct(augmented)[:, 0]), dim=1)); plt.show()",
        ),
    ),
    shows(
        "encode_and_decode",
        "Calls encode and decode of the network instead of the network.",
        reconstruction("""
            def reconstruct(images):
                z = model.encode(apply_mask(images, 28).flatten(1))
                return model.decode(z).detach().reshape(images.shape)
            plt.imshow(reconstruct(x.unsqueeze(0))[0, 0], cmap='gray'); plt.colorbar(); plt.show()
        """),
    ),
    shows(
        "copy_of_the_network",
        "Saves the trained network and loads it into a new one.",
        reconstruction("""
            torch.save(model.state_dict(), 'autoencoder.pt')
            loaded = MLPAutoencoder(number_of_hidden_layers, 784, hidden_size, latent_size)
            loaded.load_state_dict(torch.load('autoencoder.pt'))
            loaded.eval()
            def reconstruct(images):
                return loaded(apply_mask(images, 28).flatten(1)).detach().reshape(images.shape)
            plt.imshow(reconstruct(x.unsqueeze(0))[0, 0], cmap='gray'); plt.show()
        """),
    ),
    shows(
        "five_of_them",
        "Shows five augmented images and the original instead of three.",
        replace("for _ in range(3)])", "for _ in range(5)])"),
        replace(
            "make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3",
            "make_grid(torch.cat([x[None], augmented, reconstruct(augmented)]), columns=3",
        ),
    ),
    shows(
        "masked_images_shown",
        "Shows the augmented images after masking as well.",
        replace(
            "make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3",
            "make_grid(torch.cat([augmented, apply_mask(augmented, 28), reconstruct(augmented)]), columns=3",
        ),
    ),
    shows(
        "threshold",
        "Uses the functions of the transform's class and named arguments in a dictionary, and rounds the values for showing.",
        augmentation("""
            ranges = dict(degrees=(-10, 10), translate=(0.2, 0.2), shear=5.0, fill=0,
                          interpolation=torchvision.transforms.InterpolationMode.BILINEAR)
            augment = torchvision.transforms.RandomAffine(**ranges)
            torch.manual_seed(3)
            augmented = torch.cat([augment(x).unsqueeze(0) for _ in range(3)], 0)
            with torch.no_grad():
                rec = model(augmented.flatten(1)).numpy()
            for i in range(3):
                plt.figure(figsize=(3, 1.5))
                plt.subplot(121); plt.imshow((augmented[i, 0].numpy() * 255).astype(np.uint8), cmap='gray')
                plt.subplot(122); plt.imshow((rec[i].reshape(28, 28) * 255).astype('uint8'), cmap='gray')
        """),
    ),
)
