"""Images and what captions say of them."""
