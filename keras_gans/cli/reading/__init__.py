"""What commands are given: data, and the values of options."""
