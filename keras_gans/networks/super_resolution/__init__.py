"""Bodies that enlarge images, and a discriminator of them."""
