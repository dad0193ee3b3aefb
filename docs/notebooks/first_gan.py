# %% [markdown]
# # A first GAN
#
# A DCGAN learns from 10,000 pictures of clothes, which ship with the package. The notebook runs in a
# minute, on a tenth of the pictures; set `SMALL = False` for the whole.

# %%
import keras_gans  # before Keras: it turns on fast CPU kernels
import matplotlib.pyplot as plt

from keras_gans.pictures import make_grid

SMALL = True

# %% [markdown]
# ## Data
#
# A source has a length and reads images by their numbers. A folder of pictures is loaded in the same
# way: `keras_gans.data.load("flowers/", image_size=64)`.

# %%
images = keras_gans.data.load("fashion_mnist_10k")
images = images[:1000] if SMALL else images[:]
images.shape

# %% [markdown]
# ## Training

# %%
gan = keras_gans.DCGAN(
    image_shape=(28, 28, 1), latent_dim=64, width=16 if SMALL else 64, seed=0
)
gan.compile()
history = gan.fit(images, epochs=2 if SMALL else 20, verbose=2)

# %% [markdown]
# The losses of the two players tell little about the pictures. Look at samples, and at an FID
# (`keras_gans.callbacks.FID`).

# %%
plt.imshow(make_grid(gan.generate(64, seed=0)).squeeze(), cmap="gray")
plt.axis("off")
# %% [markdown]
# ## A trained GAN
#
# The zoo has trained GANs. This one takes classes by name.

# %%
sagan = keras_gans.AdversarialModel.from_preset("sagan_fashion_mnist")
labels = ["Bag", "Coat", "Sneaker", "Dress"] * 4
plt.imshow(
    make_grid(sagan.generate(labels=labels, seed=0)).squeeze(), cmap="gray"
)
plt.axis("off")
