"""What publishing a preset takes: scores, a sheet of samples and a card."""
