"""`fit`: the feed, resuming, stages and held-out rows."""
