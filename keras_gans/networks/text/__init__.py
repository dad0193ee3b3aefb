"""Networks that read sentences, and those that draw by them."""
